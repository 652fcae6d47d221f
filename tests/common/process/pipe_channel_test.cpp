// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe_channel.hpp"

#include <sys/socket.h>

#include <array>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class PipeChannelTest : public test::LeakCheck {
 protected:
  void SetUp() override {
    LeakCheck::SetUp();
    std::array<int, 2> ends{-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    bell_.reset(ends[0]);
    rope_.reset(ends[1]);
  }
  void TearDown() override {
    bell_.reset();
    rope_.reset();
    LeakCheck::TearDown();
  }
  // Bytes in the receiver's socket.
  std::size_t rings() const {
    std::array<char, 16> bytes{};
    const auto got = ::recv(bell_.get(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  static constexpr std::array kMessage{std::byte{1}, std::byte{2}};

  UniqueFd bell_;
  UniqueFd rope_;
  Deadline now_{kNoWait};
};

TEST_F(PipeChannelTest, RingsOnceUntilItWasEmptied) {
  auto [receiver, sender] = make_channel().value();
  EXPECT_EQ(rings(), 0U);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.send(rope_.get(), kMessage, now_).has_value());
  EXPECT_EQ(rings(), 1U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rings(), 1U);
    ASSERT_TRUE(receiver.receive(bell_.get(), now_).value().has_value());
  }
  EXPECT_EQ(rings(), 0U);
  ASSERT_TRUE(sender.send(rope_.get(), kMessage, now_).has_value());
  EXPECT_EQ(rings(), 1U);
}

TEST_F(PipeChannelTest, NeedlessRingIsSilenced) {
  auto [receiver, sender] = make_channel().value();
  const char byte = 0;
  ASSERT_EQ(::send(rope_.get(), &byte, 1, 0), 1);  // as a sender killed before it committed
  EXPECT_TRUE(is_timeout(receiver.receive(bell_.get(), now_).error()));
  EXPECT_EQ(rings(), 0U);
  ASSERT_TRUE(sender.send(rope_.get(), kMessage, now_).has_value());
  EXPECT_TRUE(receiver.receive(bell_.get(), now_).value().has_value());
}

TEST_F(PipeChannelTest, SenderThatWaitsForRoomSeesTheReceiverGo) {
  auto [receiver, sender] = make_channel().value();
  const std::vector<std::byte> large(1 << 20);
  EXPECT_TRUE(is_timeout(sender.send(rope_.get(), large, now_).error()));
  bell_.reset();
  auto sent = sender.send(rope_.get(), large, Deadline{kForever});
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code(), EPIPE);
}

}  // namespace
}  // namespace chatd::process
