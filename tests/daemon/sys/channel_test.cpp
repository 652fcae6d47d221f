// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/channel.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

namespace chatd::sys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ChannelTest : public ::testing::Test {
 protected:
  ChannelMessage carried(const ChannelMessage& message) {
    EXPECT_TRUE(send(ends_.first, message).has_value());
    const auto got = receive(ends_.second);
    EXPECT_TRUE(got.has_value() && got->has_value());
    return got.value().value_or(ChannelMessage{});
  }

  std::pair<process::PipeEnd, process::PipeEnd> ends_{process::make_pipe().value()};
};

TEST_F(ChannelTest, CarriesEachSaying) {
  for (const Say say : {Say::ready, Say::reload, Say::stop, Say::quiescent, Say::reloaded,
                        Say::refused, Say::quiesce, Say::send_goodbyes}) {
    const auto got = carried({.say = say, .words = {}});
    EXPECT_EQ(got.say, say);
    EXPECT_THAT(got.words, IsEmpty());
  }
}

TEST_F(ChannelTest, CarriesWordsAlsoEmptyOnes) {
  const auto got = carried({.say = Say::reloaded, .words = {"+a.b", "", "!c\nd", "音"}});
  EXPECT_THAT(got.words, ElementsAre("+a.b", "", "!c\nd", "音"));
}

TEST_F(ChannelTest, CarriesMoreThanOnePacketHolds) {
  const std::vector<std::string> problems(2000, std::string(100, 'x'));
  EXPECT_EQ(carried({.say = Say::refused, .words = problems}).words, problems);
}

TEST_F(ChannelTest, WorksBothWaysAndKeepsTheOrder) {
  ASSERT_TRUE(send(ends_.second, {.say = Say::quiesce}).has_value());
  ASSERT_TRUE(send(ends_.second, {.say = Say::send_goodbyes}).has_value());
  EXPECT_EQ(receive(ends_.first).value()->say, Say::quiesce);
  EXPECT_EQ(receive(ends_.first).value()->say, Say::send_goodbyes);
}

TEST_F(ChannelTest, CrossesAFork) {
  const pid_t child = ::fork();
  if (child == 0) {
    ends_.first.close();
    ::_exit(send(ends_.second, {.say = Say::ready}).has_value() ? 0 : 1);
  }
  ends_.second.close();
  int status = -1;
  ::waitpid(child, &status, 0);  // receive() does not wait
  EXPECT_EQ(status, 0);
  EXPECT_EQ(receive(ends_.first).value()->say, Say::ready);
  EXPECT_FALSE(receive(ends_.first).value().has_value()) << "the other end is gone";
}

TEST_F(ChannelTest, SaysThatTheOtherEndIsGone) {
  ends_.second.close();
  const auto got = receive(ends_.first);
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->has_value());
  EXPECT_FALSE(send(ends_.first, {.say = Say::ready}).has_value());
}

TEST_F(ChannelTest, AMessageThatWeNeverSendIsAnError) {
  const auto error_of = [this](std::string_view bytes) {
    EXPECT_TRUE(ends_.first.send(std::as_bytes(std::span{bytes})).has_value());
    const auto got = receive(ends_.second);
    return got ? "(none)" : got.error().message();
  };
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("\x01word without its end"), HasSubstr("cut"));
}

}  // namespace
}  // namespace chatd::sys
