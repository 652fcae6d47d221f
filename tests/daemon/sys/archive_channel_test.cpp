// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/archive_channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include <gtest/gtest.h>

namespace chatd::sys {
namespace {

class ArchiveChannelTest : public ::testing::Test {
 protected:
  ArchiveChannelTest() {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
    reader_.reset(pipe[0]);
    writer_.reset(pipe[1]);
  }
  [[nodiscard]] std::optional<FromGateway> received() const {
    return receive_from_gateway(pair_.archive.get());
  }
  // As another program would.
  void send_bytes(std::string_view bytes) const {
    ASSERT_EQ(::send(pair_.gateway.get(), bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
  }

  ArchivePair pair_{make_archive_pair().value()};
  UniqueFd reader_;
  UniqueFd writer_;
};

TEST_F(ArchiveChannelTest, TheArchiveGetsTheRequestAndTheSameOpenFile) {
  ASSERT_TRUE(send(pair_.gateway.get(), Request{"hello"}, writer_.get()));
  const auto got = received();
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<Request>(got->message).line, "hello");
  EXPECT_NE(::fcntl(got->fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(::write(got->fd.get(), "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(::read(reader_.get(), &byte, 1), 1);
}

TEST_F(ArchiveChannelTest, ADescriptorIsOptional) {
  ASSERT_TRUE(send(pair_.gateway.get(), Request{"hello"}));
  ASSERT_TRUE(send(pair_.gateway.get(), Hurry{}));
  EXPECT_FALSE(received()->fd.is_open());
  EXPECT_TRUE(std::holds_alternative<Hurry>(received()->message));
  EXPECT_FALSE(received());
}

TEST_F(ArchiveChannelTest, BothDirectionsAreSeparate) {
  ASSERT_TRUE(send(pair_.archive.get(), Stored{}));
  EXPECT_FALSE(received());
  const auto got = receive_from_archive(pair_.gateway.get());
  ASSERT_TRUE(got);
  EXPECT_TRUE(std::holds_alternative<Stored>(*got));
  EXPECT_FALSE(receive_from_archive(pair_.gateway.get()));
}

TEST_F(ArchiveChannelTest, ALineOf64KiBArrivesAndALongerMessageIsNotSent) {
  const Request longest{std::string(std::size_t{64} << 10U, 'x')};
  ASSERT_TRUE(send(pair_.gateway.get(), longest, writer_.get()));
  const auto got = received();
  ASSERT_TRUE(got);
  EXPECT_EQ(std::get<Request>(got->message).line, longest.line);
  EXPECT_TRUE(got->fd.is_open());
  const auto sent = send(pair_.gateway.get(), Request{std::string(kMaxArchiveMessage, 'x')});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), EMSGSIZE);
  EXPECT_FALSE(received());
}

TEST_F(ArchiveChannelTest, MessagesThatCannotBeReadAreSkipped) {
  using namespace std::string_view_literals;
  send_bytes("\x63"sv);                     // no such type
  send_bytes("\x00 without its length"sv);  // cut
  send_bytes(std::string(kMaxArchiveMessage + 1, '\0'));
  ASSERT_TRUE(send(pair_.gateway.get(), Hurry{}));
  EXPECT_TRUE(std::holds_alternative<Hurry>(received()->message));
  EXPECT_FALSE(received());
}

// A process that does not read, as one that was stopped or is dead.
TEST_F(ArchiveChannelTest, AFullPairDoesNotBlockItsSenders) {
  Result<> sent;
  for (int i = 0; i < 10'000 && sent; ++i) {
    sent = send(pair_.gateway.get(), Request{std::string(4000, 'x')}, writer_.get());
  }
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), EAGAIN);
  sent = {};
  for (int i = 0; i < 100'000 && sent; ++i) sent = send(pair_.archive.get(), Stored{});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code(), EAGAIN);
  while (received()) continue;
  EXPECT_TRUE(send(pair_.gateway.get(), Hurry{}));
}

TEST_F(ArchiveChannelTest, WhenTheOtherEndIsClosedThereIsNoMessage) {
  pair_.archive.reset();
  EXPECT_FALSE(send(pair_.gateway.get(), Hurry{}));
  EXPECT_FALSE(receive_from_archive(pair_.gateway.get()));
}

}  // namespace
}  // namespace chatd::sys
