// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a join and a leave that are counted, and of the record
// that tells them; its successor, too. Each of them is told once, by a number.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/chat/crowd_fixture.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class CrowdCrashTest : public RoomsFixture {
 protected:
  CrowdCrashTest() : RoomsFixture{{.sessions = 8, .ring_bytes = 16384, .rooms = 4}} {}
  using Step = std::function<void()>;
  // A place where members join and leave.
  struct Scene {
    Step begin;  // a new service, in which the next join is counted
    Step join;
    Step leave;
    std::function<bool()> is_in;
    std::function<logs::LogMemory()> log;
  };

  void start_again() {
    renew_region();
    restart();
    bob_ = enter("bob", 2).slot;
  }
  // Each gateway has a later time than the one before, also if that was killed.
  void tell(Micros after = Crowd::kPause) {
    time_ += after;
    chat_->tick(now());
    rooms().tick(now());
  }
  Slot ada() { return sessions().find_name("ada").value(); }
  static std::ptrdiff_t records(const Scene& scene, state::RecordKind kind) {
    return std::ranges::count(test::records_of(scene.log()), kind, &test::SeenRecord::kind);
  }

  void at_every_step(const Scene& scene) {
    wire::Crowd before{};
    bool was_killed = true;
    for (int step = 1; was_killed; ++step) {
      bool was_killed_again = true;
      wire::Crowd told{};
      for (int second = 1; was_killed_again; ++second) {
        SCOPED_TRACE("crash points " + std::to_string(step) + ", " + std::to_string(second));
        scene.begin();
        was_killed = test::is_killed_at(step, [&] {
          scene.join();
          tell();
          scene.leave();
          tell();
        });
        was_killed_again = test::is_killed_at(second, [&] {
          restart();
          tell(std::chrono::minutes{1});
        });
        restart();
        tell(std::chrono::minutes{2});
        told = told_by_number(scene.log());
        expect_told(scene, told);
      }
      // A later step does not undo an earlier one.
      EXPECT_GE(told.joined, before.joined) << step;
      EXPECT_GE(told.left, before.left) << step;
      before = told;
    }
    EXPECT_EQ(before, (wire::Crowd{.joined = 1, .left = 1}));
  }
  void expect_told(const Scene& scene, const wire::Crowd& told) {
    EXPECT_LE(told.joined, 1U);
    EXPECT_LE(told.left, told.joined);
    EXPECT_EQ(scene.is_in(), told.joined != told.left);
    EXPECT_EQ(records(scene, state::RecordKind::join), 1) << "that of bob";
    EXPECT_EQ(records(scene, state::RecordKind::leave), 0);
  }
  Slot bob_{};
};

TEST_F(CrowdCrashTest, EachJoinAndLeaveOfTheDefaultRoomIsToldOnce) {
  at_every_step({.begin =
                     [this] {
                       start_again();
                       use_up_rate(state_.room_head(), now().mono);
                     },
                 .join = [this] { enter("ada", 1); },
                 .leave =
                     [this] {
                       sessions().remove(ada(), state::LeaveKind::quit, {}, now());
                       sessions().settle();
                     },
                 .is_in = [this] { return sessions().find_name("ada").has_value(); },
                 .log = [this] { return state_.room_log(); }});
}

TEST_F(CrowdCrashTest, EachJoinAndLeaveOfAFurtherRoomIsToldOnce) {
  at_every_step({.begin =
                     [this] {
                       start_again();
                       enter("ada", 1);
                       ASSERT_TRUE(make(bob_, "lab"));
                       use_up_rate(state_.room_slot(place_of("lab").index).head, now().mono);
                     },
                 .join = [this] { (void)RoomsFixture::join(ada(), "lab"); },
                 .leave = [this] { RoomsFixture::leave(ada(), "lab"); },
                 .is_in = [this] { return rooms().has_member(ada(), id_of("lab")); },
                 .log = [this] { return log_of("lab"); }});
}

// A kick has a record. If it has not begun, the member stays, and its leave is a number as its
// join.
TEST_F(CrowdCrashTest, AMemberThatIsNotKickedYetStillLeavesAsItsJoinWasTold) {
  bool was_killed = true;
  bool has_stayed = false;
  for (int step = 1; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    start_again();
    enter("ada", 1);
    ASSERT_TRUE(make(bob_, "lab"));
    const state::RoomId lab = id_of("lab");
    use_up_rate(state_.room_slot(place_of("lab").index).head, now().mono);
    ASSERT_TRUE(RoomsFixture::join(ada(), "lab"));
    was_killed =
        test::is_killed_at(step, [&] { (void)chat_->room_admin.kick(ada(), lab, "noise", now()); });
    restart();
    const bool is_in = rooms().has_member(ada(), lab);
    has_stayed = has_stayed || is_in;
    RoomsFixture::leave(ada(), "lab");
    tell(std::chrono::minutes{1});
    EXPECT_EQ(told_by_number(log_of("lab")), (wire::Crowd{.joined = 1, .left = is_in ? 1U : 0U}));
    const auto seen = test::records_of(log_of("lab"));
    EXPECT_EQ(std::ranges::count(seen, state::RecordKind::kick, &test::SeenRecord::kind),
              is_in ? 0 : 1);
    EXPECT_EQ(std::ranges::count(seen, state::RecordKind::leave, &test::SeenRecord::kind), 0);
  }
  EXPECT_TRUE(has_stayed);
}

// The member is counted, and leaves before its OK is sent.
TEST_F(CrowdCrashTest, AMemberThatLeavesWhileItJoinsIsToldOnce) {
  at_every_step(
      {.begin =
           [this] {
             start_again();
             use_up_rate(state_.room_head(), now().mono);
           },
       .join =
           [this] {
             const auto login = sessions().admit(
                 {.name = "ada", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now());
             sessions().remove(login.slot, state::LeaveKind::quit, {}, now());
           },
       .leave = [this] { sessions().settle(); },
       .is_in = [this] { return sessions().find_name("ada").has_value(); },
       .log = [this] { return state_.room_log(); }});
}

}  // namespace
}  // namespace chatd::chat
