// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_admin.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RoomAdminTest : public NativeFixture {
 protected:
  RoomAdmin& admin() { return chat_->room_admin; }
  Rooms& rooms() { return chat_->rooms; }
  Rooms::Entered make(Slot member, std::string_view name) {
    return rooms().make({.slot = member, .end = ++end_, .now = now()}, name).value();
  }
  Rooms::Entered join(Slot member, std::string_view name) {
    return rooms().enter({.slot = member, .end = ++end_, .now = now()}, name, {}).value();
  }
  const Slot ada_{enter("ada", 1).slot};
  const Slot bob_{enter("bob", 2).slot};

 private:
  std::uint64_t end_{0};
};

TEST_F(RoomAdminTest, AKickIsInTheLogOfTheRoomAndInTheMailboxOfTheMember) {
  const auto lab = make(ada_, "lab");
  join(bob_, "lab");
  EXPECT_TRUE(admin().kick(bob_, lab.room.id, "noise", now()));
  EXPECT_THAT(texts(state_.room_log(lab.room.index)),
              ElementsAre("join ada ", "join bob ", "kick bob noise"));
  EXPECT_THAT(mailbox(bob_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(bob_).ends_with("noise"));
  EXPECT_EQ(rooms().members(lab.room.index), 1U);
  EXPECT_FALSE(rooms().find(bob_, lab.room.id));
  EXPECT_THAT(mailbox(ada_), IsEmpty());
}

TEST_F(RoomAdminTest, AKickWithoutAReasonStillTellsThatItIsOne) {
  const auto lab = make(ada_, "lab");
  EXPECT_TRUE(admin().kick(ada_, lab.room.id, "", now()));
  EXPECT_TRUE(last_text(ada_).ends_with("by the administrator"));
}

TEST_F(RoomAdminTest, AKickOfAUserThatIsNotInTheRoomChangesNothing) {
  const auto lab = make(ada_, "lab");
  EXPECT_FALSE(admin().kick(bob_, lab.room.id, "", now()));
  EXPECT_FALSE(admin().kick(ada_, state::RoomId{99}, "", now()));
  EXPECT_THAT(mailbox(bob_), IsEmpty());
  EXPECT_EQ(rooms().members(lab.room.index), 1U);
}

TEST_F(RoomAdminTest, AKickedMemberCanJoinAgain) {
  const auto lab = make(ada_, "lab");
  EXPECT_TRUE(admin().kick(ada_, lab.room.id, "", now()));
  EXPECT_EQ(join(ada_, "lab").room, lab.room);
}

TEST_F(RoomAdminTest, ADroppedRoomHasNoRowAndItsNameIsFree) {
  const auto lab = make(ada_, "lab");
  join(bob_, "lab");
  EXPECT_EQ(admin().drop(lab.room.index, now()), 2U);
  EXPECT_EQ(rooms().size(), 0U);
  EXPECT_FALSE(rooms().find_name("lab"));
  EXPECT_THAT(mailbox(ada_), ElementsAre("left lab"));
  EXPECT_TRUE(last_text(bob_).ends_with("the room was dropped"));
  EXPECT_NE(make(ada_, "lab").room.id, lab.room.id);
}

TEST_F(RoomAdminTest, AKeptRoomIsNotDroppedByTheTick) {
  const auto lab = make(ada_, "lab");
  admin().keep(lab.room.index);
  rooms().leave(ada_, lab.room.id, state::LeaveKind::quit, {}, now());
  time_ += config_.rooms.linger + std::chrono::seconds{1};
  rooms().tick(now());
  EXPECT_TRUE(rooms().find_name("lab"));
  restart();
  rooms().tick(now());
  EXPECT_TRUE(rooms().find_name("lab"));
}

}  // namespace
}  // namespace chatd::chat
