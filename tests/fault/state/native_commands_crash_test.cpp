// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a native member's command or login, a new one takes
// over, and the client, which got no answer, sends it again: it is executed once.
#include <algorithm>
#include <functional>

#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class NativeCommandsCrashTest : public NativeFixture {
 protected:
  void start_anew() {
    renew_region();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
  }
  std::uint64_t uplink() { return state_.native_slots()[ada_].uplink; }

  // `times` counts the effects of the command.
  void once_at_every_step(const std::function<void(const NativeCommands::Order&)>& command,
                          const std::function<std::ptrdiff_t()>& times) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      start_anew();
      const bool was_killed = test::is_killed_at(step, [&] {
        command(order(ada_, 10));
        sessions().settle();
      });
      restart();
      if (uplink() < 10) command(order(ada_, 10));
      EXPECT_EQ(times(), 1);
      EXPECT_EQ(uplink(), 10U);
      EXPECT_EQ(sessions().all().size(), 2U);
      if (!was_killed) {
        EXPECT_GT(step, 4);
        return;
      }
    }
  }
  std::ptrdiff_t in_log(std::string_view line) const { return std::ranges::count(texts(), line); }
  std::ptrdiff_t in_mailbox(Slot slot, std::string_view line) {
    return std::ranges::count(mailbox(slot), line);
  }

  Slot ada_{};
  Slot bob_{};
};

TEST_F(NativeCommandsCrashTest, AMessageIsAppendedOnce) {
  once_at_every_step([&](const auto& order) { say(order, "one"); },
                     [&] { return in_log("say ada one"); });
}

TEST_F(NativeCommandsCrashTest, ADirectMessageIsDeliveredOnce) {
  once_at_every_step([&](const auto& order) { commands().say_to(order, "bob", "psst"); },
                     [&] { return in_mailbox(bob_, "direct ada"); });
}

TEST_F(NativeCommandsCrashTest, AListIsSentOnce) {
  once_at_every_step([&](const auto& order) { commands().list_members(order, {}, Slot{}); },
                     [&] { return in_mailbox(ada_, "who "); });
}

TEST_F(NativeCommandsCrashTest, TheFactsAboutAMemberAreSentOnce) {
  once_at_every_step([&](const auto& order) { commands().describe_member(order, "bob"); },
                     [&] { return in_mailbox(ada_, "whois bob"); });
}

TEST_F(NativeCommandsCrashTest, ARefusalIsReportedOnce) {
  once_at_every_step([&](const auto& order) { commands().say_to(order, "nobody", "psst"); },
                     [&] { return in_mailbox(ada_, "notice no_such_member"); });
}

TEST_F(NativeCommandsCrashTest, ANewMemberJoinsOnceOrNotAtAll) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    start_anew();
    const bool was_killed = test::is_killed_at(step, [&] { (void)enter("cyd", 3); });
    restart();
    const auto login = enter("cyd", 3);  // its client begins anew
    EXPECT_NE(login.status, Sessions::Status::refused);
    EXPECT_EQ(in_log("join cyd "), 1);
    EXPECT_EQ(sessions().all().size(), 3U);
    EXPECT_EQ(state_.native_slots()[login.slot].uplink, 0U);
    say(order(login.slot, 7), "here");
    EXPECT_EQ(in_log("say cyd here"), 1);
    if (!was_killed) break;
  }
}

TEST_F(NativeCommandsCrashTest, AMemberThatLogsInAgainKeepsItsSessionAndOffset) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    start_anew();
    say(order(ada_, 10), "one");
    const std::uint64_t generation = sessions().sender(ada_).generation;
    const bool was_killed = test::is_killed_at(step, [&] { (void)enter("ada", 1, "127.0.0.9:9"); });
    restart();
    EXPECT_EQ(sessions().sender(ada_).generation, generation);
    EXPECT_EQ(uplink(), 10U);
    EXPECT_EQ(enter("ada", 1, "127.0.0.9:9").status, Sessions::Status::again);
    EXPECT_EQ(to_text(sessions().where(ada_)), "127.0.0.9:9");
    EXPECT_EQ(in_log("join ada "), 1);
    EXPECT_EQ(in_log("leave ada "), 0);
    if (!was_killed) break;
  }
}

}  // namespace
}  // namespace chatd::chat
