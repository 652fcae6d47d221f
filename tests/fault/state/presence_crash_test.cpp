// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a change of the presence, and its successor, too: the
// member is away with all its programs, or with none, and a command has one result.
#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include <gmock/gmock.h>

#include "daemon/chat/presence.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class PresenceCrashTest : public RoomsFixture {
 protected:
  PresenceCrashTest() : RoomsFixture{kGeometry} {}
  using Step = std::function<void()>;

  void start_again() {
    renew_region();
    restart();
    for (std::uint64_t client : {1U, 2U, 3U}) {
      ada_[client - 1] = enter("ada", 1, "10.0.0.1:5", client).slot;
    }
    bob_ = enter("bob", 2).slot;
  }
  // `end`: of the command, which its client sends again.
  void once_at_every_step(std::uint64_t end, const Step& begin, const Step& command,
                          const Step& check) {
    const Step start = [&] {
      start_again();
      begin();
    };
    const Step finish = [&] {
      restart();
      const std::string before = said(ada_[0]);
      for (const Slot slot : ada_) EXPECT_EQ(said(slot), before);
      if (uplink() < end) command();
      EXPECT_EQ(uplink(), end);
      check();
    };
    test::at_each_death(
        {.begin = start, .work = command, .adoption = [this] { restart(); }, .check = finish},
        second_deaths_);
  }
  std::uint64_t uplink() { return state_.native_slots()[ada_[0]].uplink; }
  std::string said(Slot slot) {
    const auto* const said = said_away(sessions(), slot);
    return said == nullptr ? "-" : std::string{view_of(said->text)};
  }
  void expect_said(const std::string& text) {
    for (const Slot slot : ada_) EXPECT_EQ(said(slot), text);
  }
  void away(std::uint64_t end, std::string_view text) {
    commands().set_away(order(ada_[0], end), text);
  }
  std::ptrdiff_t in_mailbox(Slot slot, std::string_view line) {
    return std::ranges::count(mailbox(slot), line);
  }

  std::array<Slot, 3> ada_{};
  Slot bob_{};
  test::SecondDeaths second_deaths_;
};

TEST_F(PresenceCrashTest, ATextIsThatOfAllPrograms) {
  once_at_every_step(
      10, [] {}, [this] { away(10, "lunch"); },
      [this] {
        expect_said("lunch");
        EXPECT_EQ(in_mailbox(ada_[0], "away "), 1);
        EXPECT_LE(in_mailbox(ada_[1], "away "), 1);
      });
}

TEST_F(PresenceCrashTest, ACommandWithoutATextHasOneResult) {
  once_at_every_step(
      10, [] {}, [this] { away(10, {}); }, [this] { expect_said(""); });
  once_at_every_step(
      20, [this] { away(10, "lunch"); }, [this] { away(20, {}); },
      [this] {
        expect_said("-");
        EXPECT_EQ(in_mailbox(ada_[0], "back "), 1);
      });
}

TEST_F(PresenceCrashTest, AMemberThatWritesIsBackAndItsMessageIsThereOnce) {
  once_at_every_step(
      20, [this] { away(10, "lunch"); }, [this] { say(order(ada_[0], 20), "hello"); },
      [this] {
        expect_said("-");
        EXPECT_EQ(std::ranges::count(texts(), "say ada hello"), 1);
      });
}

TEST_F(PresenceCrashTest, ADirectMessageToAnAwayMemberIsThereOnce) {
  once_at_every_step(
      10, [this] { commands().set_away(order(bob_, 10), "lunch"); },
      [this] { commands().say_to(order(ada_[0], 10), "bob", "psst"); },
      [this] {
        EXPECT_EQ(in_mailbox(bob_, "direct ada"), 1);
        EXPECT_LE(in_mailbox(ada_[0], "away bob"), 1);
      });
}

}  // namespace
}  // namespace chatd::chat
