// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of making a room, and how long it exists.
#include "daemon/chat/rooms.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using wire::Reason;

class RoomsTest : public RoomsFixture {
 protected:
  explicit RoomsTest(const state::Geometry& geometry = kManyRooms) : RoomsFixture{geometry} {}
  // "den0", "den1" ... Returns how many were made before the first refusal.
  int make_many(Slot slot, int most) {
    int made = 0;
    while (made < most && make(slot, "den" + std::to_string(made))) ++made;
    return made;
  }
};

TEST_F(RoomsTest, TheMakerOfARoomIsItsFirstMember) {
  const Slot ada = enter("ada", 1).slot;
  const auto made = make(ada, "lab");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->room, place_of("lab"));
  EXPECT_EQ(made->stream(), wire::kFirstRoomStream);
  EXPECT_EQ(made->offset, state::first_offset(id_of("lab")));
  EXPECT_EQ(made->live_offset, made->offset);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada "));
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
  EXPECT_EQ(state_.counters().rooms_now.load(), 1U);
}

TEST_F(RoomsTest, NamesAreComparedFolded) {
  const Slot ada = enter("ada", 1).slot;
  ASSERT_TRUE(make(ada, "Lab"));
  EXPECT_EQ(rooms().name(place_of("ｌＡＢ").index), "Lab");
  EXPECT_EQ(refusal(make(ada, "LAB")), Reason::room_exists);
  EXPECT_EQ(refusal(make(ada, "ＬＡＢ")), Reason::room_exists);
  EXPECT_EQ(rooms().make_kept("lab", now()).error(), Reason::room_exists);
}

TEST_F(RoomsTest, TheNameOfTheDefaultRoomIsTaken) {
  const Slot ada = enter("ada", 1).slot;
  EXPECT_EQ(refusal(make(ada, "CHAT")), Reason::room_exists);
  EXPECT_EQ(rooms().make_kept("chat", now()).error(), Reason::room_exists);
  EXPECT_EQ(refusal(join(ada, "chat")), Reason::no_such_room);
}

TEST_F(RoomsTest, ImpossibleNamesAreRefused) {
  const Slot ada = enter("ada", 1).slot;
  for (const std::string& name :
       {std::string{}, std::string{"a b"}, std::string{"\xff"}, std::string(33, 'x'),
        std::string(950, 'x'), std::string{"a\nb"}, std::string{"a\tb"}, std::string{"admin"},
        std::string{"-- lab"}, std::string{"lab:"}, std::string("l\0b", 3), std::string{"#"},
        std::string{"#lab"}, std::string{"##lab"}, std::string{"＃lab"}, std::string{"﹟lab"}}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(refusal(make(ada, name)), Reason::bad_room_name);
    EXPECT_EQ(refusal(join(ada, name)), Reason::no_such_room);
  }
  EXPECT_EQ(rooms().make_kept("#lab", now()).error(), Reason::bad_room_name);
  EXPECT_EQ(rooms().size(), 0U);
  EXPECT_EQ(refusal(make(ada, "lab#1")), std::nullopt);
}

TEST_F(RoomsTest, ASessionIsInAtMost31Rooms) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  ASSERT_TRUE(make(bob, "lab"));
  EXPECT_EQ(make_many(ada, 40), 31);
  EXPECT_EQ(refusal(make(ada, "attic")), Reason::too_many_rooms);
  EXPECT_EQ(refusal(join(ada, "lab")), Reason::too_many_rooms);
  EXPECT_EQ(refusal(join(ada, "den7")), std::nullopt) << "she is in it";
  leave(ada, "den7");
  const auto joined = join(ada, "lab");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->stream(), wire::kFirstRoomStream + 7) << "the one that is free";
}

TEST_F(RoomsTest, AQuarterOfTheRoomsIsTheAdministrators) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(make_many(ada, 31), 31);
  for (int i = 31; i < 36; ++i) ASSERT_TRUE(make(bob, "den" + std::to_string(i)));
  EXPECT_EQ(refusal(make(bob, "den36")), Reason::rooms_full);
  EXPECT_EQ(rooms().space(), 0);
  for (int i = 36; i < 48; ++i) {
    ASSERT_TRUE(rooms().make_kept("den" + std::to_string(i), now()));
  }
  EXPECT_EQ(rooms().make_kept("den48", now()).error(), Reason::rooms_full);
  EXPECT_LT(rooms().space(), 0);
}

TEST_F(RoomsTest, AMemberHasMadeAtMostSoMany) {
  config_.limits.rooms_per_member = 3;
  const Slot ada = enter("ada", 1).slot;
  const Slot self = enter("ada2", 1).slot;  // the same key
  const Slot bob = enter("bob", 2).slot;
  EXPECT_EQ(make_many(ada, 9), 3);
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(self, "lab")), Reason::made_too_many);
  leave(ada, "den0");
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::made_too_many) << "it still exists";
  tick_after(config_.rooms.linger);
  EXPECT_EQ(refusal(make(ada, "lab")), std::nullopt);
  EXPECT_EQ(refusal(make(ada, "den0")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(bob, "den0")), std::nullopt);
}

TEST_F(RoomsTest, ANetworkHasMadeAtMostSoMany) {
  config_.limits.rooms_per_address = 2;
  const Slot ada = enter("ada", 1, "[2001:db8::1]:5").slot;
  const Slot bob = enter("bob", 2, "[2001:db8::f:2]:6").slot;  // the same /64
  const Slot cyd = enter("cyd", 3, "[2001:db8:0:1::1]:5").slot;
  const Slot dan = enter("dan", 4, "192.0.2.1:5").slot;
  const Slot eve = enter("eve", 5, "192.0.2.2:5").slot;
  ASSERT_TRUE(make(ada, "one"));
  ASSERT_TRUE(make(bob, "two"));
  EXPECT_EQ(refusal(make(ada, "three")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(bob, "three")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(cyd, "three")), std::nullopt);
  ASSERT_TRUE(make(dan, "four"));
  ASSERT_TRUE(make(dan, "five"));
  EXPECT_EQ(refusal(make(dan, "six")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(eve, "six")), std::nullopt);
}

// Also after the death of a gateway, and after the kept room has ended.
TEST_F(RoomsTest, ARoomThatTheAdministratorKeepsDoesNotCount) {
  config_.limits.rooms_per_member = 2;
  config_.limits.rooms_per_address = 3;
  const Slot ada = enter("ada", 1, "192.0.2.1:5").slot;
  const Slot bob = enter("bob", 2, "192.0.2.1:6").slot;
  EXPECT_EQ(make_many(ada, 9), 2);
  chat_->room_admin.keep(place_of("den0").index);
  chat_->room_admin.keep(place_of("den0").index);
  EXPECT_EQ(refusal(make(ada, "lab")), std::nullopt);
  EXPECT_EQ(refusal(make(ada, "art")), Reason::made_too_many);
  restart();
  EXPECT_EQ(refusal(make(ada, "art")), Reason::made_too_many);
  EXPECT_EQ(refusal(make(bob, "art")), std::nullopt);
  EXPECT_EQ(refusal(make(bob, "attic")), Reason::made_too_many) << "of the network";
  chat_->room_admin.drop(place_of("den0").index, now());
  EXPECT_EQ(refusal(make(ada, "attic")), Reason::made_too_many);
  chat_->room_admin.drop(place_of("den1").index, now());
  EXPECT_EQ(refusal(make(ada, "attic")), std::nullopt);
}

TEST_F(RoomsTest, LoopbackMembersAreNotCountedPerNetwork) {
  config_.limits.rooms_per_address = 1;
  const Slot ada = enter("ada", 1, "127.0.0.1:5").slot;
  const Slot bob = enter("bob", 2, "[::1]:6").slot;
  EXPECT_TRUE(make(ada, "one"));
  EXPECT_TRUE(make(ada, "two"));
  EXPECT_TRUE(make(bob, "three"));
  EXPECT_TRUE(make(bob, "four"));
}

TEST_F(RoomsTest, ARoomCountsForTheNetworkThatItWasMadeFrom) {
  config_.limits.rooms_per_address = 1;
  const Slot ada = enter("ada", 1, "192.0.2.1:5").slot;
  ASSERT_TRUE(make(ada, "one"));
  sessions().move(ada, test::delivery_to(test::endpoint("192.0.2.2:5")));
  ASSERT_TRUE(make(ada, "two"));
  EXPECT_EQ(refusal(make(ada, "three")), Reason::made_too_many);
  leave(ada, "one");
  tick_after(config_.rooms.linger);
  EXPECT_EQ(refusal(make(ada, "three")), Reason::made_too_many) << "that was of the other one";
  sessions().move(ada, test::delivery_to(test::endpoint("192.0.2.1:6")));
  EXPECT_EQ(refusal(make(ada, "three")), std::nullopt);
}

// Each key may make a few rooms, and keys cost nothing.
TEST_F(RoomsTest, OneNetworkWithManyKeysCannotUseUpTheRooms) {
  config_.limits.rooms_per_member = 3;
  config_.limits.rooms_per_address = 30;
  int made = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "eve" + std::to_string(i);
    const Slot eve = enter(name, i + 1, "192.0.2.1:" + std::to_string(1000 + i)).slot;
    for (int k = 0; k < 3; ++k) made += make(eve, name + "-" + std::to_string(k)) ? 1 : 0;
  }
  EXPECT_EQ(made, 30);
  const Slot ada = enter("ada", 100, "192.0.2.2:5").slot;
  EXPECT_EQ(refusal(make(ada, "lab")), std::nullopt);
}

TEST_F(RoomsTest, OnlyTheAdministratorMakesRoomsIfConfigured) {
  config_.rooms.create = config::WhoMakes::admin;
  const Slot ada = enter("ada", 1).slot;
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::may_not_make);
  ASSERT_TRUE(rooms().make_kept("lab", now()));
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::may_not_make) << "that there is one is not told";
  EXPECT_EQ(refusal(join(ada, "lab")), std::nullopt);
  EXPECT_EQ(refusal(join(ada, "den")), Reason::no_such_room) << "to join makes none";
}

TEST_F(RoomsTest, ARoomWithoutMembersExistsUntilItsTimeIsOver) {
  const Slot ada = enter("ada", 1).slot;
  ASSERT_TRUE(make(ada, "lab"));
  const auto place = place_of("lab");
  tick_after(2 * config_.rooms.linger);
  leave(ada, "lab");
  tick_after(config_.rooms.linger - seconds{1});
  ASSERT_TRUE(exists("lab"));
  tick_after(seconds{1});
  EXPECT_FALSE(exists("lab"));
  EXPECT_EQ(rooms().size(), 0U);
  ASSERT_TRUE(make(ada, "lab"));
  EXPECT_EQ(place_of("lab").index, place.index);
  EXPECT_NE(place_of("lab").id, place.id);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada "));
}

TEST_F(RoomsTest, TheTimeWithoutMembersBeginsWithTheLastOne) {
  const Slot ada = enter("ada", 1).slot;
  const Slot bob = enter("bob", 2).slot;
  ASSERT_TRUE(make(ada, "lab"));
  leave(ada, "lab");
  tick_after(config_.rooms.linger - seconds{1});
  ASSERT_TRUE(join(bob, "lab"));
  EXPECT_EQ(rooms().row(place_of("lab").index).empty_since, 0);
  tick_after(config_.rooms.linger);
  ASSERT_TRUE(exists("lab"));
  leave(bob, "lab");
  tick_after(config_.rooms.linger - seconds{1});
  EXPECT_TRUE(exists("lab"));
  tick_after(seconds{1});
  EXPECT_FALSE(exists("lab"));
}

TEST_F(RoomsTest, AKeptRoomStaysWithoutMembers) {
  const Slot ada = enter("ada", 1).slot;
  ASSERT_TRUE(rooms().make_kept("lab", now()));
  tick_after(10 * config_.rooms.linger);
  ASSERT_TRUE(join(ada, "lab"));
  leave(ada, "lab");
  tick_after(10 * config_.rooms.linger);
  EXPECT_TRUE(exists("lab"));
  rooms().drop(place_of("lab").index);
  EXPECT_FALSE(exists("lab"));
}

TEST_F(RoomsTest, ADroppedRoomGivesItsMemoryBack) {
  const Slot ada = enter("ada", 1).slot;
  ASSERT_TRUE(make(ada, "lab"));
  ASSERT_TRUE(say_in(ada, "lab", std::string(900, 'x')));
  const auto place = place_of("lab");
  leave(ada, "lab");
  tick_after(config_.rooms.linger);
  const auto ring = state_.room_ring(place.index);
  EXPECT_TRUE(std::ranges::all_of(ring, [](std::byte byte) { return byte == std::byte{0}; }));
}

// So the archive reads the end of its log. A room without records is none: workers look at the
// members of a room with news, and so take memory for them.
TEST_F(RoomsTest, TheDropOfARoomWithRecordsIsNews) {
  const Slot ada = enter("ada", 1).slot;
  ASSERT_TRUE(make(ada, "lab"));
  leave(ada, "lab");
  std::uint64_t before = rooms().news();
  rooms().drop(place_of("lab").index);
  EXPECT_EQ(rooms().news(), before + 1);
  const auto empty = rooms().make_kept("empty", now());
  ASSERT_TRUE(empty);
  before = rooms().news();
  rooms().drop(empty->index);
  EXPECT_EQ(rooms().news(), before);
}

class LargeRoomsTest : public RoomsTest {
 protected:
  LargeRoomsTest()
      : RoomsTest{{.sessions = 8, .ring_bytes = 16384, .rooms = 200, .room_ring_bytes = 16384}} {}
};

// To give memory back takes time, in which the gateway serves no member.
TEST_F(LargeRoomsTest, ATickDropsAFewRoomsAndTheNextOneTheRest) {
  const Slot ada = enter("ada", 1).slot;
  for (int i = 0; i < 150; ++i) {
    const std::string name = "den" + std::to_string(i);
    ASSERT_TRUE(make(ada, name));
    leave(ada, name);
  }
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::rooms_full);
  tick_after(config_.rooms.linger);
  EXPECT_EQ(rooms().size(), 150U - 64U);
  tick_after(seconds{1});
  tick_after(seconds{1});
  EXPECT_EQ(rooms().size(), 0U);
  EXPECT_EQ(refusal(make(ada, "lab")), std::nullopt);
}

class NoRoomsTest : public RoomsTest {
 protected:
  NoRoomsTest() : RoomsTest{{.sessions = 8, .ring_bytes = 16384}} {}
};

TEST_F(NoRoomsTest, AServerWithoutFurtherRoomsRefusesThem) {
  const Slot ada = enter("ada", 1).slot;
  EXPECT_EQ(refusal(make(ada, "lab")), Reason::rooms_full);
  EXPECT_EQ(rooms().make_kept("lab", now()).error(), Reason::rooms_full);
  EXPECT_EQ(refusal(join(ada, "lab")), Reason::no_such_room);
  EXPECT_FALSE(say_in(ada, state::RoomId{1}, "hello"));
  EXPECT_EQ(chat_->room_streams.acknowledge(ada, {.stream = 2, .window = 1, .cumulative = 0}),
            std::unexpected{RoomStreams::NotTaken::impossible});
  tick_after(config_.rooms.linger);
  quit(ada);
  restart();
}

}  // namespace
}  // namespace chatd::chat
