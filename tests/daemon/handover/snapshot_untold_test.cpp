// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots with members whose join is not told yet: the next service tells as much as this one.
#include <gmock/gmock.h>

#include "daemon/handover/snapshot_rooms.hpp"
#include "tests/daemon/handover/rooms_region.hpp"

namespace chatd::handover {
namespace {

using state::LateJoin;
using state::RoomPlace;
using ::testing::ElementsAre;

constexpr state::Slot kCyd{5};
constexpr std::size_t kAt = 3;  // his subscription to the lab

// Ada and cyd are in the lab; cyd's join is not told.
class SnapshotUntoldTest : public RoomsRegion {
 protected:
  SnapshotUntoldTest() : lab_{make(1, 7, "lab")} {
    add_member(kAda, "ada");
    add_member(kCyd, "cyd");
    enter(kAda, 0, lab_);
    begin_enter(kCyd, kAt, lab_);
    rooms().settle(kCyd, kAt);
    session().late_join = subscription().late_join = LateJoin::untold;
  }
  state::SessionSlot& session() { return state_.slots()[kCyd]; }
  state::Subscription& subscription() { return rooms().subscription(kCyd, kAt); }
  RoomPlace lab_;
};

TEST_F(SnapshotUntoldTest, AMemberStaysUntold) {
  session().brief_since = 7;
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_TRUE(is_untold(next.state_.slots()[kCyd]));
  EXPECT_EQ(next.state_.slots()[kCyd].brief_since.load(), 7);
  EXPECT_TRUE(is_untold(next.rooms().subscription(kCyd, kAt)));
  EXPECT_FALSE(is_untold(next.state_.slots()[kAda]));
}

TEST_F(SnapshotUntoldTest, AnOlderSnapshotHasToldEverybody) {
  auto snapshot = written();
  for (auto& member : snapshot.at("sessions")) {
    member.erase("untold");
    member.erase("brief_since");
    for (auto& one : member.at("session").at("rooms")) one.erase("untold");
  }
  RoomsRegion next;
  ASSERT_TRUE(next.read(snapshot));
  EXPECT_EQ(next.state_.slots()[kCyd].late_join.load(), LateJoin::told);
  EXPECT_FALSE(is_brief(next.state_.slots()[kCyd]));
  EXPECT_EQ(next.rooms().subscription(kCyd, kAt).late_join.load(), LateJoin::told);
}

TEST_F(SnapshotUntoldTest, AMemberThatIsLeftOutIsNotTold) {
  RoomsRegion smaller{{.sessions = 4, .ring_bytes = 16384, .rooms = 4, .room_ring_bytes = 16384}};
  ASSERT_TRUE(smaller.read(written()));
  EXPECT_EQ(smaller.lines_of(lab_.id), lines_of(lab_.id));
  EXPECT_TRUE(test::records_of(smaller.state_).empty());
}

// A killed gateway was telling the lab: the record of the join is missing, or is there.
TEST_F(SnapshotUntoldTest, AMemberThatWasBeingToldIsToldIfTheRecordIsThere) {
  rooms().begin_late_join(kCyd, kAt, state_.room_log(lab_.index).tail(), {});
  for (const bool has_record : {false, true}) {
    SCOPED_TRACE(has_record);
    if (has_record) append(lab_, wire::RecordKind::join, kCyd, {});
    RoomsRegion next;
    ASSERT_TRUE(next.read(written()));
    EXPECT_THAT(next.members_of(lab_.id), ElementsAre(kAda, kCyd));
    EXPECT_EQ(is_untold(next.rooms().subscription(kCyd, kAt)), !has_record);
  }
}

// A killed gateway had told of one program, and not changed the other one.
TEST_F(SnapshotUntoldTest, AllProgramsOfAMemberAreTold) {
  constexpr state::Slot kOther{6};
  add_member(kOther, "cyd");
  begin_enter(kOther, 0, lab_);
  rooms().settle(kOther, 0);
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  EXPECT_FALSE(is_untold(next.state_.slots()[kCyd]));
  EXPECT_FALSE(is_untold(next.rooms().subscription(kCyd, kAt)));
}

}  // namespace
}  // namespace chatd::handover
