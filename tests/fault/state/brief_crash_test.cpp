// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a brief session, and of the late record of its join; its
// successor, too. Its join and its leave are told once each, or not at all.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class BriefCrashTest : public RoomsFixture {
 protected:
  BriefCrashTest() : RoomsFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = 4}} {}
  using Step = std::function<void()>;
  // How often the default room, or "lab", was told of a join and of a leave.
  struct Told {
    std::int64_t joined;
    std::int64_t left;
  };

  void start_again() {
    renew_region();
    restart();
    ASSERT_TRUE(make(enter("bob", 2, "10.0.0.2:5").slot, "lab"));
  }
  Slot enter_briefly(std::uint64_t client) {
    is_brief_ = true;
    const auto login = enter("ada", 1, "10.0.0.1:5", client);
    is_brief_ = false;
    return login.slot;
  }
  void end(Slot session) { chat_->brief.end(session, now()); }
  void tell(Micros after) {
    time_ += after;
    for (const Slot slot : chat_->brief.due(now().mono)) end(slot);
    chat_->tick(now());
    rooms().tick(now());
  }
  bool is_in() { return sessions().find_name("ada").has_value(); }
  bool is_in_lab() {
    const auto ada = sessions().find_name("ada");
    return ada && rooms().has_member(*ada, id_of("lab"));
  }
  static Told told(const logs::LogMemory& log) {
    const auto crowd = told_by_number(log);
    Told all{.joined = crowd.joined, .left = crowd.left};
    for (const auto& record : test::records_of(log)) {
      if (record.name != "ada") continue;
      if (record.kind == state::RecordKind::join) ++all.joined;
      if (record.kind == state::RecordKind::leave) ++all.left;
    }
    return all;
  }
  static void expect_told(const Told& told, bool is_in) {
    EXPECT_LE(told.joined, 1);
    EXPECT_EQ(told.joined - told.left, is_in ? 1 : 0);
  }

  // `work` of the first gateway. Returns how the default room was told when nothing was killed.
  Told at_every_step(
      const Step& work, const Step& begin = [] {}) {
    const Step adopt = [this] {
      restart();
      tell(std::chrono::minutes{1});
    };
    const Step check = [this] {
      restart();
      tell(std::chrono::minutes{2});
      tell(std::chrono::minutes{1});
      expect_told(told(state_.room_log()), is_in());
      expect_told(told(log_of("lab")), is_in_lab());
      expect_consistent();
    };
    const Step start = [&] {
      start_again();
      begin();
    };
    test::at_each_death({.begin = start, .work = work, .adoption = adopt, .check = check},
                        second_deaths_);
    return told(state_.room_log());
  }
  test::SecondDeaths second_deaths_;
};

TEST_F(BriefCrashTest, ASessionThatLeavesInTimeIsToldOnlyIfItStays) {
  const Told told = at_every_step([this] {
    const Slot ada = enter_briefly(1);
    (void)join(ada, "lab");
    say(order(ada, 10), "hello");
    quit(ada);
  });
  EXPECT_EQ(told.joined, 0);
}

TEST_F(BriefCrashTest, ALateJoinIsToldOnce) {
  const Told told = at_every_step([this] {
    const Slot ada = enter_briefly(1);
    (void)join(ada, "lab");
    end(ada);
    say(order(ada, 10), "hello");
    quit(ada);
  });
  EXPECT_EQ(told.joined, 1);
}

TEST_F(BriefCrashTest, ALateJoinThatIsCountedIsToldOnce) {
  const Told told = at_every_step(
      [this] {
        const Slot ada = enter_briefly(1);
        (void)join(ada, "lab");
        end(ada);
        quit(ada);
      },
      [this] {
        use_up_rate(state_.room_head(), now().mono);
        use_up_rate(state_.room_slot(place_of("lab").index).head, now().mono);
      });
  EXPECT_EQ(told.joined, 1);
}

TEST_F(BriefCrashTest, SeveralProgramsAreToldTogether) {
  const Told told = at_every_step([this] {
    const Slot first = enter_briefly(1);
    const Slot second = enter_briefly(2);
    for (const Slot one : {first, second}) (void)join(one, "lab");
    end(second);
    for (const Slot one : {second, first}) quit(one);
  });
  EXPECT_EQ(told.joined, 1);
}

TEST_F(BriefCrashTest, AProgramThatIsNotBriefIsToldOnceForBoth) {
  const Told told = at_every_step([this] {
    const Slot writer = enter_briefly(1);
    (void)join(writer, "lab");
    const Slot reader = enter("ada", 1, "10.0.0.1:5", 2).slot;
    (void)join(reader, "lab");
    for (const Slot one : {reader, writer}) quit(one);
  });
  EXPECT_EQ(told.joined, 1);
}

// Without a program that stays the leave would be told by nobody.
TEST_F(BriefCrashTest, TheProgramThatStaysLeavesAsTheMemberWasTold) {
  bool was_killed = true;
  for (int step = 1; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    start_again();
    const Slot first = enter_briefly(1);
    const Slot second = enter_briefly(2);
    for (const Slot one : {first, second}) ASSERT_TRUE(join(one, "lab"));
    was_killed = test::is_killed_at(step, [&] { end(first); });
    restart();
    for (const Slot one : {first, second}) quit(one);
    expect_told(told(state_.room_log()), false);
    expect_told(told(log_of("lab")), false);
  }
}

}  // namespace
}  // namespace chatd::chat
