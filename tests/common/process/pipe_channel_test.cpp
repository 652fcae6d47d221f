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
    receiving_.reset(ends[0]);
    sending_.reset(ends[1]);
  }
  void TearDown() override {
    receiving_.reset();
    sending_.reset();
    LeakCheck::TearDown();
  }
  // The number of bytes in the receiver's socket.
  std::size_t wakeups() const {
    std::array<char, 16> bytes{};
    const auto got = ::recv(receiving_.get(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  static constexpr std::array kMessage{std::byte{1}, std::byte{2}};

  UniqueFd receiving_;
  UniqueFd sending_;
  Deadline now_{kNoWait};
};

TEST_F(PipeChannelTest, SendsOneWakeupUntilTheRingIsEmpty) {
  auto [receiver, sender] = make_channel().value();
  EXPECT_EQ(wakeups(), 0U);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.send(sending_.get(), kMessage, now_).has_value());
  EXPECT_EQ(wakeups(), 1U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(wakeups(), 1U);
    ASSERT_TRUE(receiver.receive(receiving_.get(), now_).value().has_value());
  }
  EXPECT_EQ(wakeups(), 0U);
  ASSERT_TRUE(sender.send(sending_.get(), kMessage, now_).has_value());
  EXPECT_EQ(wakeups(), 1U);
}

TEST_F(PipeChannelTest, AnUnnecessaryWakeupIsDrained) {
  auto [receiver, sender] = make_channel().value();
  const char byte = 0;
  ASSERT_EQ(::send(sending_.get(), &byte, 1, 0), 1);  // a sender was killed before it committed
  EXPECT_TRUE(is_timeout(receiver.receive(receiving_.get(), now_).error()));
  EXPECT_EQ(wakeups(), 0U);
  ASSERT_TRUE(sender.send(sending_.get(), kMessage, now_).has_value());
  EXPECT_TRUE(receiver.receive(receiving_.get(), now_).value().has_value());
}

TEST_F(PipeChannelTest, ASenderThatWaitsForSpaceNoticesAClosedReceiver) {
  auto [receiver, sender] = make_channel().value();
  const std::vector<std::byte> large(1 << 20);
  EXPECT_TRUE(is_timeout(sender.send(sending_.get(), large, now_).error()));
  receiving_.reset();
  auto sent = sender.send(sending_.get(), large, Deadline{kForever});
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code(), EPIPE);
}

}  // namespace
}  // namespace chatd::process
