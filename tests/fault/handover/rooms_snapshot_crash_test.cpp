// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed at each crash point while a member makes, enters, leaves or empties a further
// room, and the next service has memory of other sizes: the room's log and its members agree.
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/handover/rooms_region.hpp"
#include "tests/support/crash.hpp"

namespace chatd::handover {
namespace {

using state::RoomIndex;
using state::RoomPlace;

constexpr state::Slot kAda = RoomsRegion::kAda;
constexpr state::RoomId kLab{7};
constexpr RoomPlace kLabPlace{.id = kLab, .index = RoomIndex{1}};

// The member list that a client keeps from the records of the lab: is ada on it?
bool is_listed(const RoomsRegion& region) {
  bool listed = false;
  for (const auto& record : test::records_of(region.state_.room_log(region.row_of(kLab).value()))) {
    if (record.kind == state::RecordKind::join) listed = true;
    if (record.kind == state::RecordKind::leave) listed = false;
  }
  return listed;
}

class RoomsSnapshotCrashTest : public ::testing::Test {
 protected:
  using Work = std::function<void(RoomsRegion&)>;
  // Returns the number of crash points.
  static int kill_gateway(const Work& before, const Work& work) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      RoomsRegion region;
      region.add_member(kAda, "ada");
      before(region);
      const bool killed = test::is_killed_at(step, [&] { work(region); });
      RoomsRegion next{{.sessions = 70, .ring_bytes = 65536, .rooms = 9, .room_ring_bytes = 32768}};
      EXPECT_TRUE(next.read(region.written()));
      expect_agreement(region, next);
      if (!killed) return step;
    }
  }
  static void expect_agreement(const RoomsRegion& region, const RoomsRegion& next) {
    const auto id = region.state_.room_slot(kLabPlace.index).id.load();
    EXPECT_GE(next.state_.keeping().last_room, id);
    if (!next.row_of(kLab)) {
      EXPECT_EQ(next.rooms().find(kAda, kLab), std::nullopt);
      return;
    }
    const bool is_member = next.rooms().find(kAda, kLab).has_value();
    EXPECT_EQ(is_listed(next), is_member);
    EXPECT_EQ(next.members_of(kLab).size(), is_member ? 1U : 0U);
  }

  static void make(RoomsRegion& region) {
    region.begin_room(1, 7, "lab");
    region.enter(kAda, 0, kLabPlace);
    region.rooms().settle(kLabPlace.index);
  }
  static void leave(RoomsRegion& region) {
    region.begin_leave(kAda, 0, kLabPlace);
    region.append(kLabPlace, state::RecordKind::leave, kAda, {});
    region.rooms().release(kAda, 0);
  }
};

TEST_F(RoomsSnapshotCrashTest, ARoomBeingMadeHasItsMakerOrDoesNotExist) {
  EXPECT_GT(kill_gateway([](RoomsRegion&) {}, make), 10);
}

TEST_F(RoomsSnapshotCrashTest, AMemberThatEntersIsListedOrNotInTheRoom) {
  const auto empty = [](RoomsRegion& region) { region.make(1, 7, "lab"); };
  const auto enter = [](RoomsRegion& region) { region.enter(kAda, 0, kLabPlace); };
  EXPECT_GT(kill_gateway(empty, enter), 8);
}

TEST_F(RoomsSnapshotCrashTest, AMemberThatLeavesIsListedOrNotInTheRoom) {
  EXPECT_GT(kill_gateway(make, leave), 8);
}

TEST_F(RoomsSnapshotCrashTest, ARoomBeingDroppedExistsWithoutMembersOrNotAtAll) {
  const auto empty = [](RoomsRegion& region) {
    make(region);
    leave(region);
  };
  EXPECT_GE(kill_gateway(empty, [](RoomsRegion& region) { region.rooms().drop(kLabPlace.index); }),
            2);
}

}  // namespace
}  // namespace chatd::handover
