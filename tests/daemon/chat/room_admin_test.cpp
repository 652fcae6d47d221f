// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_admin.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RoomAdminTest : public RoomsFixture {
 protected:
  RoomAdmin& admin() { return chat_->room_admin; }

  const Slot ada_{enter("ada", 1).slot};
  const Slot bob_{enter("bob", 2).slot};
};

TEST_F(RoomAdminTest, AKickIsInTheLogOfTheRoomAndInTheMailboxOfTheMember) {
  const auto lab = make(ada_, "lab").value();
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_TRUE(admin().kick(bob_, lab.room.id, "noise", now()));
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "join bob ", "kick bob noise"));
  EXPECT_THAT(mailbox(bob_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(bob_).ends_with("noise"));
  EXPECT_EQ(rooms().members(lab.room.index), 1U);
  EXPECT_FALSE(rooms().find(bob_, lab.room.id));
  EXPECT_THAT(mailbox(ada_), IsEmpty());
}

TEST_F(RoomAdminTest, AKickWithoutAReasonStillTellsThatItIsOne) {
  const auto lab = make(ada_, "lab").value();
  EXPECT_TRUE(admin().kick(ada_, lab.room.id, "", now()));
  EXPECT_TRUE(last_text(ada_).ends_with("by the administrator"));
}

// A gateway was killed while a moderator removed ada, or while she logged in with another client.
TEST_F(RoomAdminTest, ARemovalThatASuccessorFinishesDoesNotNameTheAdministrator) {
  const auto lab = make(ada_, "lab").value();
  rooms().table().begin_leave(ada_, lab.at, rooms().tail(lab.room.index),
                              state::SubscriptionPhase::removing);
  restart();
  EXPECT_THAT(mailbox(ada_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(ada_).ends_with(state::kShortReason)) << last_text(ada_);
}

TEST_F(RoomAdminTest, AKickOfAUserThatIsNotInTheRoomChangesNothing) {
  const auto lab = make(ada_, "lab").value();
  EXPECT_FALSE(admin().kick(bob_, lab.room.id, "", now()));
  EXPECT_FALSE(admin().kick(ada_, state::RoomId{99}, "", now()));
  EXPECT_THAT(mailbox(bob_), IsEmpty());
  EXPECT_EQ(rooms().members(lab.room.index), 1U);
}

TEST_F(RoomAdminTest, AKickedMemberCanJoinAgain) {
  const auto lab = make(ada_, "lab").value();
  EXPECT_TRUE(admin().kick(ada_, lab.room.id, "", now()));
  EXPECT_EQ(join(ada_, "lab")->room, lab.room);
}

TEST_F(RoomAdminTest, ADroppedRoomHasNoRowAndItsNameIsFree) {
  const auto lab = make(ada_, "lab").value();
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_EQ(admin().drop(lab.room.index, now()), 2U);
  EXPECT_EQ(rooms().size(), 0U);
  EXPECT_FALSE(exists("lab"));
  EXPECT_THAT(mailbox(ada_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(bob_).ends_with("the room was dropped"));
  EXPECT_NE(make(ada_, "lab")->room.id, lab.room.id);
}

TEST_F(RoomAdminTest, ARoomThatNobodyUsesIsDroppedForAnotherOne) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_FALSE(admin().drop_unused(now())) << "it is new";
  time_ += config_.rooms.linger;
  EXPECT_TRUE(admin().drop_unused(now()));
  EXPECT_FALSE(exists("lab"));
  EXPECT_THAT(mailbox(bob_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(bob_).ends_with("nobody has written in this one")) << last_text(bob_);
}

TEST_F(RoomAdminTest, TheOldestUnusedRoomOfAMemberIsDropped) {
  ASSERT_TRUE(rooms().make_kept("hall", now()));
  for (const auto* const name : {"lab", "den", "cave", "attic"}) {
    ASSERT_TRUE(make(ada_, name));
    time_ += seconds{1};
  }
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  admin().keep(place_of("den").index);
  time_ += config_.rooms.linger;
  restart();
  EXPECT_TRUE(admin().drop_unused(now()));
  EXPECT_FALSE(exists("cave"));
  EXPECT_TRUE(admin().drop_unused(now()));
  EXPECT_FALSE(exists("attic"));
  EXPECT_FALSE(admin().drop_unused(now()));
  EXPECT_EQ(rooms().size(), 3U);
}

TEST_F(RoomAdminTest, ARowThatIsUsedAgainHasNoLinesYet) {
  const auto lab = make(ada_, "lab")->room.index;
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  admin().drop(lab, now());
  ASSERT_EQ(make(ada_, "lab")->room.index, lab);
  time_ += config_.rooms.linger;
  EXPECT_TRUE(admin().drop_unused(now()));
}

// Workers can write all subscriptions.
TEST_F(RoomAdminTest, AForgedSubscriptionChangesNoOtherRoom) {
  const auto den = rooms().make_kept("den", now()).value();
  const auto lab = make(ada_, "lab")->room;
  state_.subscriptions(ada_)[0].room = state::to_word(den);
  leave(ada_, "den");
  EXPECT_EQ(rooms().members(den.index), 0U);
  admin().drop(lab.index, now());
  const auto attic = make(bob_, "attic")->room;
  ASSERT_EQ(attic.index, lab.index);
  EXPECT_EQ(rooms().next_member(attic.index, Slot{}), bob_);
}

TEST_F(RoomAdminTest, AKeptRoomIsNotDroppedByTheTick) {
  const auto lab = make(ada_, "lab").value();
  admin().keep(lab.room.index);
  leave(ada_, "lab");
  tick_after(config_.rooms.linger + std::chrono::seconds{1});
  EXPECT_TRUE(exists("lab"));
  restart();
  tick_after(Micros{0});
  EXPECT_TRUE(exists("lab"));
}

}  // namespace
}  // namespace chatd::chat
