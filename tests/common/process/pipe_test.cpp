// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe.hpp"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PipeTest : public test::LeakCheck {
 protected:
  static std::pair<PipeEnd, PipeEnd> open(PipeKind kind = PipeKind::duplex) {
    auto pipe = make_pipe(kind);
    if (!pipe) throw std::runtime_error{pipe.error().message()};
    return std::move(*pipe);
  }
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

// The result of receive() as text.
std::string text_of(const Result<std::optional<std::vector<std::byte>>>& received) {
  if (!received) return "error: " + received.error().message();
  if (!*received) return "end of file";
  return {reinterpret_cast<const char*>((*received)->data()), (*received)->size()};
}

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 31 + i / 4096);
  return bytes;
}

bool is_readable(int fd) {
  pollfd watched{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, 0) == 1;
}

TEST_F(PipeTest, MessagesKeepTheirBoundariesAndOrder) {
  auto [left, right] = open();
  ASSERT_TRUE(left.send(bytes_of("one")).has_value());
  ASSERT_TRUE(left.send(bytes_of("")).has_value());
  ASSERT_TRUE(left.send(bytes_of("three")).has_value());
  EXPECT_EQ(text_of(right.receive()), "one");
  EXPECT_EQ(text_of(right.receive()), "");
  EXPECT_EQ(text_of(right.receive()), "three");
}

TEST_F(PipeTest, DuplexEndsSendInBothDirections) {
  auto [left, right] = open();
  ASSERT_TRUE(left.send(bytes_of("ping")).has_value());
  EXPECT_EQ(text_of(right.receive()), "ping");
  ASSERT_TRUE(right.send(bytes_of("pong")).has_value());
  EXPECT_EQ(text_of(left.receive()), "pong");
}

TEST_F(PipeTest, OneWaySendsFromTheSecondEndToTheFirst) {
  auto [receiver, sender] = open(PipeKind::one_way);
  ASSERT_TRUE(sender.send(bytes_of("down")).has_value());
  EXPECT_EQ(text_of(receiver.receive()), "down");
  auto refused = receiver.send(bytes_of("up"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), EPIPE);
}

TEST_F(PipeTest, AnEmptyPipeTimesOut) {
  auto [left, right] = open();
  EXPECT_TRUE(is_timeout(right.receive(kNoWait).error()));
  EXPECT_TRUE(is_timeout(right.receive(milliseconds{10}).error()));
  ASSERT_TRUE(left.send(bytes_of("later")).has_value());
  EXPECT_EQ(text_of(right.receive(kNoWait)), "later");
}

TEST_F(PipeTest, AFullPipeTimesOut) {
  auto [left, right] = open();
  const auto message = pattern(5000);
  std::size_t sent = 0;
  while (left.send(message, kNoWait)) ++sent;
  EXPECT_GT(sent, 0U);
  EXPECT_TRUE(is_timeout(left.send(message, milliseconds{10}).error()));
  for (std::size_t i = 0; i < sent; ++i) {
    auto received = right.receive(kNoWait);
    ASSERT_TRUE(received.has_value() && received->has_value());
    ASSERT_EQ(**received, message);
  }
  EXPECT_TRUE(is_timeout(right.receive(kNoWait).error()));
}

TEST_F(PipeTest, CloseIsEndOfFileAfterTheLastMessage) {
  auto [left, right] = open();
  ASSERT_TRUE(left.send(bytes_of("last words")).has_value());
  left.close();
  EXPECT_FALSE(left.is_open());
  EXPECT_EQ(text_of(right.receive()), "last words");
  EXPECT_EQ(text_of(right.receive()), "end of file");
  EXPECT_EQ(text_of(right.receive()), "end of file");
}

TEST_F(PipeTest, AClosedPipeWithUnreadMessagesIsStillReadable) {
  auto [left, right] = open();
  ASSERT_TRUE(left.send(bytes_of("an answer")).has_value());
  ASSERT_TRUE(right.send(bytes_of("a question nobody reads")).has_value());
  left.close();
  EXPECT_EQ(text_of(right.receive()), "an answer");
  EXPECT_EQ(text_of(right.receive()), "end of file");
}

TEST_F(PipeTest, SendingToAClosedEndIsEpipe) {
  auto [left, right] = open();
  right.close();
  auto sent = left.send(bytes_of("anybody?"));
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code(), EPIPE);
}

TEST_F(PipeTest, IsReadableWhenThereIsAMessageOrTheEnd) {
  auto [left, right] = open();
  EXPECT_FALSE(is_readable(right.fd()));
  ASSERT_TRUE(left.send(bytes_of("a")).has_value());
  ASSERT_TRUE(left.send(bytes_of("b")).has_value());
  EXPECT_TRUE(is_readable(right.fd()));
  EXPECT_EQ(text_of(right.receive()), "a");
  EXPECT_TRUE(is_readable(right.fd()));
  EXPECT_EQ(text_of(right.receive()), "b");
  EXPECT_FALSE(is_readable(right.fd()));
  left.close();
  EXPECT_TRUE(is_readable(right.fd()));
}

// Larger than any buffer of the kernel, so both processes must run in turn.
TEST_F(PipeTest, MessagesOfAnySizeCrossAFork) {
  auto [ours, theirs] = open();
  Process echo{[&ours, &theirs] {
    ours.close();
    for (;;) {
      auto message = theirs.receive();
      if (!message) return 1;
      if (!*message) return 0;
      if (!theirs.send(**message)) return 2;
    }
  }};
  ASSERT_TRUE(echo.start().has_value());
  theirs.close();
  for (const std::size_t size :
       {0UZ, 1UZ, 61423UZ, 61424UZ, 61440UZ, 61441UZ, 1048576UZ, 20000003UZ}) {
    const auto message = pattern(size);
    ASSERT_TRUE(ours.send(message, seconds{60}).has_value());
    auto back = ours.receive(seconds{60});
    ASSERT_TRUE(back.has_value() && back->has_value()) << size;
    ASSERT_TRUE(**back == message) << size;
  }
  ours.close();
  EXPECT_TRUE(echo.join(seconds{30}).value_or(false));
  EXPECT_TRUE(echo.exit_status()->succeeded());
}

TEST_F(PipeTest, ASenderThatTimedOutLeavesNoPartOfAMessage) {
  auto [left, right] = open();
  const auto large = pattern(4 << 20);
  EXPECT_TRUE(is_timeout(left.send(large, kNoWait).error()));
  // The start of the message fills the pipe; the receiver takes it and waits for the rest.
  EXPECT_TRUE(is_timeout(right.receive(kNoWait).error()));
  ASSERT_TRUE(left.send(bytes_of("next")).has_value());
  EXPECT_EQ(text_of(right.receive()), "next");
}

TEST_F(PipeTest, AReceiverContinuesAfterATimeout) {
  auto [ours, theirs] = open();
  const auto large = pattern(4 << 20);
  Process sender{[&theirs, &large] { return theirs.send(large) ? 0 : 1; }};
  ASSERT_TRUE(sender.start().has_value());
  theirs.close();
  auto received = ours.receive(kNoWait);
  while (!received && is_timeout(received.error())) received = ours.receive(milliseconds{1});
  ASSERT_TRUE(received.has_value() && received->has_value());
  EXPECT_TRUE(**received == large);
  EXPECT_TRUE(sender.join(seconds{30}).value_or(false));
}

}  // namespace
}  // namespace chatd::process
