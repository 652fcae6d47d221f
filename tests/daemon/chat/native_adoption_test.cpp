// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway was killed between a command's record and the move of `uplink`.
#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::chat {
namespace {

class NativeAdoptionTest : public NativeFixture {
 protected:
  std::uint64_t& uplink(Slot slot) { return state_.native_slots()[slot].uplink; }
};

TEST_F(NativeAdoptionTest, AMessageInTheLogMovesItsSendersUplink) {
  const Slot ada = enter("ada", 1).slot;
  say(order(ada, 10), "one");
  say(order(ada, 25), "two");
  uplink(ada) = 10;  // killed before it could move
  restart();
  EXPECT_EQ(uplink(ada), 25U);
}

TEST_F(NativeAdoptionTest, ADirectMessageAndANoticeMoveTheUplink) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  commands().say_to(order(ada, 30), "bob", "psst");
  uplink(ada) = 0;
  restart();
  EXPECT_EQ(uplink(ada), 30U);
  commands().say_to(order(bob, 40), "nobody", "psst");
  uplink(bob) = 0;
  restart();
  EXPECT_EQ(uplink(bob), 40U);
}

TEST_F(NativeAdoptionTest, AListMovesTheUplinkOfTheMailboxesOwner) {
  const Slot ada = enter("ada", 1).slot;
  commands().list_members(order(ada, 50), {}, Slot{});
  uplink(ada) = 0;
  restart();
  EXPECT_EQ(uplink(ada), 50U);
}

TEST_F(NativeAdoptionTest, TheUplinkOfAnotherSessionIsNotMoved) {
  const Slot ada = enter("ada", 1).slot;
  say(order(ada, 10), "one");
  uplink(ada) = 100;
  restart();
  EXPECT_EQ(uplink(ada), 100U);
  sessions().remove(ada, state::LeaveKind::quit, {}, now());
  sessions().settle();
  const Slot bob = enter("bob", 2).slot;
  ASSERT_EQ(bob, ada);  // in the same slot
  restart();
  EXPECT_EQ(uplink(bob), 0U);
}

TEST_F(NativeAdoptionTest, PersonsAreCalculatedAgain) {
  const Slot ada = enter("ada", 1).slot;
  const auto text = enter_text("tex");
  const std::array before{sessions().person(ada), sessions().person(text.slot)};
  for (state::SessionSlot& slot : state_.slots()) slot.person = {};  // as after a snapshot
  restart();
  EXPECT_EQ(sessions().person(ada), before[0]);
  EXPECT_EQ(sessions().person(text.slot), before[1]);
}

TEST_F(NativeAdoptionTest, RulesStayButThoseOfRoomsThatAreGone) {
  const Slot ada = enter("ada", 1).slot;
  const auto room = chat_->rooms.make({.slot = ada, .end = 8, .now = now()}, "lab")->room;
  const auto add = [&](state::RoomId id) {
    ASSERT_TRUE(
        chat_->rules.add(test::rule_for(state::RuleKind::moderator, sessions().person(ada), id)));
  };
  const state::RoomId gone{77};
  for (const state::RoomId id : {state::kDefaultRoom, room.id, gone}) add(id);
  restart();
  const auto is_moderator = [&](state::RoomId id) {
    return chat_->rules.has(state::RuleKind::moderator, sessions().person(ada), id, now().wall);
  };
  EXPECT_TRUE(is_moderator(state::kDefaultRoom));
  EXPECT_TRUE(is_moderator(room.id));
  EXPECT_FALSE(is_moderator(gone));
}

TEST_F(NativeAdoptionTest, MembersKeepTheirSlots) {
  const Slot ada = enter("ada", 1, "127.0.0.7:77").slot;
  restart();
  EXPECT_EQ(to_text(sessions().where(ada)), "127.0.0.7:77");
  EXPECT_EQ(enter("ada", 1).status, Sessions::Status::again);
  EXPECT_EQ(enter("ada", 9).status, Sessions::Status::refused);
}

}  // namespace
}  // namespace chatd::chat
