// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/channel.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

namespace chatd::sys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ChannelTest : public ::testing::Test {
 protected:
  // The message that the child receives when the supervisor sends `message`; Quiesce if it is
  // another type.
  template <class Message>
  Message down(const Message& message) {
    EXPECT_TRUE(send(supervisor_, message).has_value());
    const auto got = receive_from_supervisor(child_);
    const auto* const one = got && *got ? std::get_if<Message>(&**got) : nullptr;
    EXPECT_NE(one, nullptr);
    return one == nullptr ? Message{} : *one;
  }
  template <class Message>
  Message up(const Message& message) {
    EXPECT_TRUE(send(child_, message).has_value());
    const auto got = receive_from_child(supervisor_);
    const auto* const one = got && *got ? std::get_if<Message>(&**got) : nullptr;
    EXPECT_NE(one, nullptr);
    return one == nullptr ? Message{} : *one;
  }

  std::pair<process::PipeEnd, process::PipeEnd> ends_{process::make_pipe().value()};
  process::PipeEnd& supervisor_{ends_.first};
  process::PipeEnd& child_{ends_.second};
};

TEST_F(ChannelTest, CarriesEachTypeOfMessage) {
  up(Ready{});
  up(AskReload{});
  up(AskUpgrade{});
  up(AskStop{});
  up(Quiescent{});
  down(Quiesce{});
  down(Goodbye{});
  down(HandOver{});
}

TEST_F(ChannelTest, CarriesTheReasons) {
  EXPECT_EQ(up(Failed{"no descriptor left"}).why, "no descriptor left");
  EXPECT_EQ(down(UpgradeRefused{""}).why, "");
  EXPECT_THAT(down(ReloadRefused{{"a\nb", "", "音"}}).problems, ElementsAre("a\nb", "", "音"));
}

TEST_F(ChannelTest, CarriesTheChangesAndWarningsOfAReload) {
  const Change burst{.setting = "limits.burst"};
  const Change sessions{.setting = "limits.sessions", .needs_restart = true};
  const auto got = down(Reloaded{.changes = {burst, sessions}, .warnings = {"a: has no effect"}});
  EXPECT_THAT(got.changes, ElementsAre(burst, sessions));
  EXPECT_THAT(got.warnings, ElementsAre("a: has no effect"));
}

TEST_F(ChannelTest, CarriesMoreThanOnePacketHolds) {
  const std::vector<std::string> problems(2000, std::string(100, 'x'));
  EXPECT_EQ(down(ReloadRefused{problems}).problems, problems);
}

TEST_F(ChannelTest, KeepsTheOrder) {
  ASSERT_TRUE(send(supervisor_, Quiesce{}).has_value());
  ASSERT_TRUE(send(supervisor_, Goodbye{}).has_value());
  EXPECT_TRUE(std::holds_alternative<Quiesce>(*receive_from_supervisor(child_).value()));
  EXPECT_TRUE(std::holds_alternative<Goodbye>(*receive_from_supervisor(child_).value()));
}

TEST_F(ChannelTest, CrossesAFork) {
  const pid_t child = ::fork();
  if (child == 0) {
    supervisor_.close();
    ::_exit(send(child_, Ready{}).has_value() ? 0 : 1);
  }
  child_.close();
  int status = -1;
  ::waitpid(child, &status, 0);  // receive_from_child() does not wait
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(std::holds_alternative<Ready>(*receive_from_child(supervisor_).value()));
  EXPECT_FALSE(receive_from_child(supervisor_).value().has_value()) << "the other end is closed";
}

TEST_F(ChannelTest, ReportsThatTheOtherEndIsClosed) {
  child_.close();
  const auto got = receive_from_child(supervisor_);
  ASSERT_TRUE(got.has_value());
  EXPECT_FALSE(got->has_value());
  const auto sent = send(supervisor_, Quiesce{});
  ASSERT_FALSE(sent.has_value());
  EXPECT_FALSE(process::is_timeout(sent.error()));
}

// A child that does not read, as one that was stopped by SIGSTOP.
TEST_F(ChannelTest, SendingToAChildWhoseChannelIsFullTimesOutAtOnce) {
  const ReloadRefused large{{std::string(40'000, 'x')}};
  Result<> sent;
  for (int i = 0; i < 20 && sent; ++i) sent = send(supervisor_, large);
  ASSERT_FALSE(sent.has_value());
  EXPECT_TRUE(process::is_timeout(sent.error()));
  // After it has read it gets whole messages again.
  while (receive_from_supervisor(child_)) continue;
  down(Quiesce{});
}

TEST_F(ChannelTest, AMessageThatCannotBeReadIsAnError) {
  const auto error_of = [this](std::string_view bytes) {
    EXPECT_TRUE(child_.send(std::as_bytes(std::span{bytes})).has_value());
    const auto got = receive_from_child(supervisor_);
    return got ? "(none)" : got.error().message();
  };
  using namespace std::string_view_literals;
  EXPECT_THAT(error_of(""), HasSubstr("cannot be read"));
  EXPECT_THAT(error_of("\x01 without the text"sv), HasSubstr("cannot be read"));
  EXPECT_THAT(error_of("\x63"sv), HasSubstr("cannot be read")) << "no such type";
  EXPECT_THAT(error_of("\x00more"sv), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace chatd::sys
