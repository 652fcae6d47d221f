// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed at each crash point while a member makes, enters or leaves a further room, or
// leaves the server, or while the administrator removes the member or the room. The next service
// has memory of other sizes: the room's log and its members agree, and a removed member is
// notified.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"
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

// Ada and bob are in the lab, and ada is also in the den.
class RemovalsSnapshotCrashTest : public chat::NativeFixture {
 protected:
  void start() {
    renew_region();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
    lab_ = rooms().make({.slot = ada_, .end = 1, .now = now()}, "lab")->room;
    den_ = rooms().make({.slot = ada_, .end = 2, .now = now()}, "den")->room;
    rooms().enter({.slot = bob_, .end = 1, .now = now()}, "lab", {}).value();
  }
  chat::Rooms& rooms() { return chat_->rooms; }
  // Runs `work` and kills it at each of its crash points; `check` gets the region of the next
  // service each time.
  void kill_at_every_step(const std::function<void()>& work,
                          const std::function<void(const RoomsRegion&)>& check) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      start();
      const bool was_killed = test::is_killed_at(step, work);
      RoomsRegion next{{.sessions = 70, .ring_bytes = 65536, .rooms = 9, .room_ring_bytes = 32768}};
      ASSERT_TRUE(
          read_snapshot(write_snapshot(state_, keys_), next.state_, next.keys_, now().wall));
      check(next);
      expect_agreement(next, ada_, lab_.id);
      expect_agreement(next, bob_, lab_.id);
      expect_agreement(next, ada_, den_.id);
      if (was_killed) continue;
      EXPECT_GT(step, 4);
      return;
    }
  }
  static bool is_in(const RoomsRegion& region, chat::Slot member, state::RoomId room) {
    return region.rooms().find(member, room).has_value();
  }
  // The log, which the member lists of the clients follow, and the bitmap agree with the
  // subscription.
  static void expect_agreement(const RoomsRegion& region, chat::Slot member, state::RoomId room) {
    const bool is_member = is_in(region, member, room);
    const auto row = region.row_of(room);
    ASSERT_TRUE(row || !is_member);
    if (!row) return;
    bool is_listed = false;
    for (const auto& record : test::records_of(region.state_.room_log(*row))) {
      if (record.sender->slot != member) continue;
      is_listed = record.kind != state::RecordKind::leave && record.kind != state::RecordKind::kick;
    }
    EXPECT_EQ(is_listed, is_member);
    const auto members = region.members_of(room);
    EXPECT_EQ(std::ranges::count(members, std::uint32_t{member}), is_member ? 1 : 0);
  }
  // The number of records `left` of the lab in the mailbox of the member.
  [[nodiscard]] std::ptrdiff_t notified(const RoomsRegion& region, chat::Slot member) const {
    return std::ranges::count_if(
        test::mailbox_records(region.state_, member), [&](const test::SeenRecord& record) {
          return record.kind == state::RecordKind::left &&
                 wire::read_left(record.text)->room == static_cast<std::uint32_t>(lab_.id);
        });
  }
  // A member is in the lab, or it has a record `left`, or two: a client ignores the second one.
  void expect_member_or_notified(const RoomsRegion& region, chat::Slot member) const {
    EXPECT_EQ(notified(region, member) >= 1, !is_in(region, member, lab_.id));
    EXPECT_LE(notified(region, member), 2);
  }

  chat::Slot ada_{};
  chat::Slot bob_{};
  state::RoomPlace lab_{};
  state::RoomPlace den_{};
};

TEST_F(RemovalsSnapshotCrashTest, AKickedMemberIsInTheRoomOrIsNotified) {
  kill_at_every_step([&] { (void)chat_->room_admin.kick(bob_, lab_.id, "noise", now()); },
                     [&](const RoomsRegion& next) {
                       expect_member_or_notified(next, bob_);
                       EXPECT_TRUE(is_in(next, ada_, lab_.id));
                       EXPECT_EQ(notified(next, ada_), 0);
                     });
}

TEST_F(RemovalsSnapshotCrashTest, TheMembersAreInADroppedRoomOrAreNotified) {
  kill_at_every_step([&] { chat_->room_admin.drop(lab_.index, now()); },
                     [&](const RoomsRegion& next) {
                       const bool is_there = next.row_of(lab_.id).has_value();
                       for (const chat::Slot member : {ada_, bob_}) {
                         EXPECT_EQ(is_in(next, member, lab_.id), is_there);
                         expect_member_or_notified(next, member);
                       }
                       EXPECT_TRUE(is_in(next, ada_, den_.id));
                     });
}

TEST_F(RemovalsSnapshotCrashTest, ABanIsFinishedByTheNextServiceOrHasNotBegun) {
  const auto ban = [&] {
    (void)chat_->moderation.moderate({.member = ada_, .end = 9, .now = now()}, lab_,
                                     {.action = wire::ModerateAction::ban, .name = "bob"});
  };
  kill_at_every_step(ban, [&](const RoomsRegion& next) {
    chat::Chat chat{next.state_, config_, chat::Persons{crypto::SecretKey{}}, 42};
    chat.adopt(now());
    const auto records = test::records_of(next.state_.room_log(next.row_of(lab_.id).value()));
    const bool has_begun = std::ranges::any_of(records, [](const test::SeenRecord& record) {
      return record.kind == state::RecordKind::moderated;
    });
    EXPECT_EQ(chat.rights.ban_of(bob_, lab_.id, now().wall).has_value(), has_begun);
    EXPECT_EQ(is_in(next, bob_, lab_.id), !has_begun);
    expect_member_or_notified(next, bob_);
    EXPECT_EQ(chat.rights.role(ada_, lab_, now().wall), chat::Role::owner);
  });
}

TEST_F(RemovalsSnapshotCrashTest, AMemberThatLeavesTheServerIsInAllItsRoomsOrInNone) {
  const auto leave = [&] {
    chat_->sessions.remove(ada_, state::LeaveKind::quit, {}, now());
    rooms().leave_all(ada_, state::LeaveKind::quit, now());
    chat_->sessions.settle();
  };
  kill_at_every_step(leave, [&](const RoomsRegion& next) {
    const bool is_member = next.state_.slots()[ada_].phase.load() == state::SessionPhase::active;
    EXPECT_EQ(is_in(next, ada_, lab_.id), is_member);
    EXPECT_EQ(is_in(next, ada_, den_.id), is_member);
    EXPECT_TRUE(is_in(next, bob_, lab_.id));
  });
}

}  // namespace
}  // namespace chatd::handover
