// SPDX-License-Identifier: GPL-3.0-or-later
// A new gateway takes the rooms over from its predecessor, and from shared memory that cannot be
// right. tests/fault/state/rooms_crash_test.cpp kills the predecessor at each step.
#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using wire::Reason;

class RoomsAdoptionTest : public RoomsFixture {
 protected:
  state::RoomSlot& row(std::string_view room) {
    return state_.room_slots()[static_cast<std::uint32_t>(place_of(room).index)];
  }
  Slot ada_{enter("ada", 1, "192.0.2.1:5").slot};
  Slot bob_{enter("bob", 2, "192.0.2.1:6").slot};
};

TEST_F(RoomsAdoptionTest, RoomsAndMembersStay) {
  ASSERT_TRUE(make(ada_, "Lab"));
  ASSERT_TRUE(join(bob_, "lab"));
  ASSERT_TRUE(rooms().make_kept("den", now()));
  const auto lab = place_of("lab");
  const auto den = place_of("den");
  restart();
  EXPECT_EQ(place_of("LAB"), lab);
  EXPECT_EQ(place_of("den"), den);
  EXPECT_EQ(rooms().name(lab.index), "Lab");
  EXPECT_EQ(rooms().members(lab.index), 2U);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "join bob "));
  EXPECT_TRUE(say_in(bob_, "lab", "hello"));
  tick_after(10 * config_.rooms.linger);
  EXPECT_EQ(rooms().size(), 2U);
}

TEST_F(RoomsAdoptionTest, LinesFromBeforeAndAfterTheAdoptionAreReplayedOnce) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t first = log_of("lab").tail();
  ASSERT_TRUE(say_in(ada_, "lab", "one"));
  ASSERT_TRUE(say_in(ada_, "lab", "two"));
  restart();
  ASSERT_TRUE(say_in(ada_, "lab", "three"));
  EXPECT_EQ(join(bob_, "lab")->offset, first);
}

TEST_F(RoomsAdoptionTest, TheLimitsCountTheRoomsOfThePredecessor) {
  config_.limits.rooms_per_member = 1;
  config_.limits.rooms_per_address = 2;
  const Slot cyd = enter("cyd", 3, "192.0.2.1:7").slot;
  ASSERT_TRUE(make(ada_, "lab"));
  restart();
  EXPECT_EQ(refusal(make(ada_, "den")), Reason::made_too_many);
  ASSERT_TRUE(make(bob_, "den"));
  restart();
  EXPECT_EQ(refusal(make(cyd, "attic")), Reason::made_too_many);
  leave(bob_, "den");
  tick_after(config_.rooms.linger);
  restart();
  EXPECT_EQ(refusal(make(cyd, "attic")), std::nullopt);
}

TEST_F(RoomsAdoptionTest, AnIdIsNotUsedAgainAfterItsRoomIsGone) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto id = id_of("lab");
  leave(ada_, "lab");
  tick_after(config_.rooms.linger);
  restart();
  ASSERT_TRUE(make(ada_, "lab"));
  EXPECT_GT(id_of("lab"), id);
}

TEST_F(RoomsAdoptionTest, TheTimeWithoutMembersGoesOn) {
  ASSERT_TRUE(make(ada_, "lab"));
  leave(ada_, "lab");
  time_ += config_.rooms.linger - seconds{1};
  restart();
  tick_after(Micros{0});
  ASSERT_TRUE(exists("lab"));
  tick_after(seconds{1});
  EXPECT_FALSE(exists("lab"));
}

TEST_F(RoomsAdoptionTest, ATimeOfAnotherBootBeginsAgain) {
  for (const std::int64_t since : {std::int64_t{0}, std::int64_t{-5}, INT64_MAX}) {
    SCOPED_TRACE(since);
    ASSERT_TRUE(make(ada_, "lab"));
    leave(ada_, "lab");
    row("lab").empty_since = since;
    restart();
    tick_after(config_.rooms.linger - seconds{1});
    ASSERT_TRUE(exists("lab"));
    tick_after(seconds{1});
    EXPECT_FALSE(exists("lab"));
  }
}

TEST_F(RoomsAdoptionTest, RowsThatCannotBeRightAreDropped) {
  for (const char* name : {"one", "two", "three", "four"}) ASSERT_TRUE(make(ada_, name));
  ASSERT_TRUE(join(bob_, "four"));
  for (const char* name : {"one", "two", "three"}) leave(ada_, name);
  row("one").phase = state::RoomPhase{77};
  row("two").name_bytes = {};
  row("three").names = row("four").names;
  row("three").name_bytes = row("four").name_bytes;
  restart();
  EXPECT_EQ(rooms().size(), 1U);
  EXPECT_EQ(refusal(make(ada_, "one")), std::nullopt);
  EXPECT_EQ(refusal(make(ada_, "two")), std::nullopt);
}

TEST_F(RoomsAdoptionTest, ANewRoomHasNoMembersOfTheDroppedRoomInItsRow) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(join(bob_, "lab"));
  const auto index = place_of("lab").index;
  row("lab").name_bytes = {};
  restart();
  ASSERT_EQ(rooms().size(), 0U);
  ASSERT_TRUE(rooms().make_kept("den", now()));
  ASSERT_EQ(place_of("den").index, index);
  EXPECT_EQ(rooms().next_member(index, Slot{}), std::nullopt);
}

TEST_F(RoomsAdoptionTest, SubscriptionsToNoRoomAreFreed) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto place = place_of("lab");
  const auto set = [&](std::size_t at, const state::RoomPlace& room,
                       state::SubscriptionPhase phase) {
    auto& one = state_.subscriptions(ada_)[at];
    one.room = to_word(room);
    one.phase = phase;
    state_.native_slots()[ada_].subscriptions |= 1U << at;
  };
  using Phase = state::SubscriptionPhase;
  set(1, {.id = place.id, .index = state::RoomIndex{~0U}}, Phase::member);
  set(2, {.id = state::RoomId{999}, .index = place.index}, Phase::member);
  set(3, {.id = place.id, .index = state::RoomIndex{5}}, Phase::leaving);
  set(4, {}, Phase::entering);
  set(5, place, Phase::free);
  restart();
  EXPECT_EQ(state_.native_slots()[ada_].subscriptions.load(), 1U);
  EXPECT_EQ(rooms().members(place.index), 1U);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada "));
}

TEST_F(RoomsAdoptionTest, ASecondSubscriptionToARoomIsFreed) {
  ASSERT_TRUE(make(ada_, "lab"));
  auto& twice = state_.subscriptions(ada_)[3];
  twice.room = to_word(place_of("lab"));
  twice.phase = state::SubscriptionPhase::member;
  state_.native_slots()[ada_].subscriptions |= 1U << 3U;
  restart();
  EXPECT_EQ(state_.native_slots()[ada_].subscriptions.load(), 1U);
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
}

TEST_F(RoomsAdoptionTest, ASessionThatIsNotTrustedLeavesItsRooms) {
  ASSERT_TRUE(make(ada_, "lab"));
  state_.slots()[ada_].phase = state::SessionPhase{99};
  restart();
  EXPECT_EQ(rooms().members(place_of("lab").index), 0U);
  const Slot cyd = enter("cyd", 3).slot;
  EXPECT_EQ(cyd, ada_);
  EXPECT_FALSE(say_in(cyd, "lab", "hello"));
}

TEST_F(RoomsAdoptionTest, AFollowerIsNotifiedOfWhatThePredecessorAppended) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto row = static_cast<std::uint32_t>(place_of("lab").index);
  const std::uint64_t count = state_.room_news().count.load();
  restart();
  ASSERT_EQ(state_.room_news().count.load(), count + 1);
  EXPECT_EQ(state_.room_news().room[count % state::kNewsEntries].load(), row);
}

}  // namespace
}  // namespace chatd::chat
