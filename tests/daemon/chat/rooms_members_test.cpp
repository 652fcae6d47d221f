// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms: members enter and leave rooms, and talk in them.
#include <gmock/gmock.h>

#include "daemon/chat/each_room.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RoomsMembersTest : public RoomsFixture {
 protected:
  std::vector<Slot> members_of(std::string_view room) {
    std::vector<Slot> found;
    for_each_member(rooms(), place_of(room).index, [&](Slot slot) { found.push_back(slot); });
    return found;
  }

  Slot ada_{enter("ada", 1).slot};
  Slot bob_{enter("bob", 2).slot};
};

TEST_F(RoomsMembersTest, JoinAndLeaveAreRecordsOfTheRoom) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_THAT(members_of("lab"), ElementsAre(ada_, bob_));
  leave(ada_, "lab");
  leave(bob_, "lab", state::LeaveKind::kicked);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "join bob ", "leave ada ", "kick bob "));
  EXPECT_THAT(members_of("lab"), IsEmpty());
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob ")) << "nothing in the default room";
}

TEST_F(RoomsMembersTest, MembersBeyondTheFirstWordOfTheBitmapAreFound) {
  for (int i = 2; i < 66; ++i) {
    enter("m" + std::to_string(i), i + 1, "127.0.1.1:" + std::to_string(i + 1));
  }
  const Slot last = enter("zoe", 100).slot;
  ASSERT_EQ(last, 66U);
  ASSERT_TRUE(make(last, "lab"));
  EXPECT_THAT(members_of("lab"), ElementsAre(last));
  ASSERT_TRUE(join(ada_, "lab"));
  EXPECT_THAT(members_of("lab"), ElementsAre(ada_, last));
  EXPECT_EQ(rooms().next_member(place_of("lab").index, Slot{70}), std::nullopt);
  EXPECT_EQ(rooms().next_member(place_of("lab").index, Slot{~0U}), std::nullopt);
  leave(last, "lab");
  EXPECT_THAT(members_of("lab"), ElementsAre(ada_));
}

TEST_F(RoomsMembersTest, ToJoinAgainChangesNothing) {
  const auto made = make(ada_, "lab");
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  const auto again = join(ada_, "LAB", {.history_id = test::kHistoryId, .offset = tail_of("lab")});
  ASSERT_TRUE(made && again);
  EXPECT_EQ(again->room, made->room);
  EXPECT_EQ(again->at, made->at);
  EXPECT_EQ(again->offset, made->offset);
  EXPECT_EQ(again->live_offset, made->live_offset);
  EXPECT_EQ(rooms().members(made->room.index), 1U);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "say ada hello"));
}

TEST_F(RoomsMembersTest, ToLeaveARoomThatOneIsNotInChangesNothing) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t before = tail_of("lab");
  for (const std::uint32_t id : {0U, 1U, 2U, ~0U}) {
    const auto found = rooms().find(bob_, state::RoomId{id});
    if (found) rooms().leave(bob_, *found, state::LeaveKind::quit, {}, now());
  }
  EXPECT_EQ(tail_of("lab"), before);
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
}

TEST_F(RoomsMembersTest, OnlyMembersTalkInARoom) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t before = tail_of("lab");
  EXPECT_FALSE(say_in(bob_, "lab", "hello"));
  for (const std::uint32_t id : {0U, 2U, 0xFF'FFFFU, ~0U}) {
    EXPECT_FALSE(say_in(ada_, state::RoomId{id}, "hello")) << id;
  }
  EXPECT_EQ(tail_of("lab"), before);
  EXPECT_TRUE(say_in(ada_, "lab", "hello"));
  const auto id = id_of("lab");
  leave(ada_, "lab");
  EXPECT_FALSE(say_in(ada_, id, "hello"));
}

TEST_F(RoomsMembersTest, TheIdOfADroppedRoomIsNotThatOfItsSuccessor) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto id = id_of("lab");
  leave(ada_, "lab");
  tick_after(config_.rooms.linger);
  ASSERT_TRUE(make(ada_, "lab"));
  EXPECT_FALSE(say_in(ada_, id, "hello"));
  EXPECT_TRUE(say_in(ada_, "lab", "hello"));
}

TEST_F(RoomsMembersTest, SequenceNumbersGrowInEachRoom) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(say_in(ada_, "lab", "hello"));
    ASSERT_TRUE(say_in(ada_, "den", "hello"));
  }
  restart();
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  EXPECT_EQ(test::records_of(log_of("lab")).back().sequence, 4U);
  EXPECT_EQ(test::records_of(log_of("den")).back().sequence, 3U);
}

TEST_F(RoomsMembersTest, EachAppendIsNewsOfItsRoom) {
  const auto& news = state_.room_news();
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  const std::uint64_t count = news.count.load();
  ASSERT_TRUE(say_in(ada_, "den", "hello"));
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  ASSERT_EQ(news.count.load(), count + 2);
  const auto row = [&](std::string_view room) {
    return static_cast<std::uint32_t>(place_of(room).index);
  };
  EXPECT_EQ(news.room[count % state::kNewsEntries].load(), row("den"));
  EXPECT_EQ(news.room[(count + 1) % state::kNewsEntries].load(), row("lab"));
}

TEST_F(RoomsMembersTest, ANewMemberGetsTheLastLines) {
  config_.room.replay = 2;
  restart();
  ASSERT_TRUE(make(ada_, "lab"));
  std::vector<std::uint64_t> starts;
  for (int i = 0; i < 5; ++i) {
    starts.push_back(tail_of("lab"));
    ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  }
  const std::uint64_t tail = tail_of("lab");
  const auto joined = join(bob_, "lab");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->offset, starts[3]);
  EXPECT_EQ(joined->live_offset, tail);
  leave(bob_, "lab");
  restart();
  EXPECT_EQ(join(bob_, "lab")->offset, starts[3]) << "read from the log";
}

TEST_F(RoomsMembersTest, TheReplayBeginsAtTheLastLinesWhileTheLogGrows) {
  config_.room.replay = 8;
  restart();
  ASSERT_TRUE(make(ada_, "lab"));
  std::vector<std::uint64_t> starts;
  for (std::size_t lines = 0; lines < 40; ++lines) {
    SCOPED_TRACE(lines);
    starts.push_back(tail_of("lab"));
    ASSERT_TRUE(say_in(ada_, "lab", "hello"));
    if (lines % 3 == 1) continue;  // two lines between two joins
    EXPECT_EQ(join(bob_, "lab")->offset, starts[lines < 8 ? 0 : lines - 7]);
    leave(bob_, "lab");
  }
}

TEST_F(RoomsMembersTest, AKnownPositionIsWhereTheMemberGoesOn) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  const std::uint64_t had = tail_of("lab");
  ASSERT_TRUE(say_in(ada_, "lab", "hello"));
  const auto start_at = [&](std::uint64_t history_id, std::optional<std::uint64_t> offset) {
    const auto joined = join(bob_, "lab", {.history_id = history_id, .offset = offset});
    leave(bob_, "lab");
    return joined->offset;
  };
  const std::uint64_t first = state::first_offset(id_of("lab"));
  const std::uint64_t line = start_at(0, 0);  // the first one of the replay
  EXPECT_GT(line, first);
  EXPECT_EQ(start_at(test::kHistoryId, had), had);
  EXPECT_EQ(start_at(test::kHistoryId, first), first);
  EXPECT_EQ(start_at(test::kHistoryId + 1, had), line) << "of another history";
  EXPECT_EQ(start_at(test::kHistoryId, 8), line) << "of another room";
  const std::uint64_t tail = tail_of("lab");
  EXPECT_EQ(start_at(0, std::nullopt), tail);
}

TEST_F(RoomsMembersTest, APositionThatWasOverwrittenContinuesAtTheOldestRecord) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t first = state::first_offset(id_of("lab"));
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(say_in(ada_, "lab", std::string(900, 'x')));
  const std::uint64_t oldest = log_of("lab").oldest();
  ASSERT_GT(oldest, first);
  const auto joined = join(bob_, "lab", {.history_id = test::kHistoryId, .offset = first + 8});
  EXPECT_EQ(joined->offset, oldest);
}

// The client that holds the session is the same: on both sides its rooms stay.
TEST_F(RoomsMembersTest, ASessionThatContinuesStaysInItsRooms) {
  ASSERT_TRUE(make(ada_, "lab"));
  const std::uint64_t acked = subscription(ada_, 0).acks.acked;
  EXPECT_EQ(enter("ada", 1, "127.0.0.9:9").status, Sessions::Status::again);
  EXPECT_THAT(members_of("lab"), ElementsAre(ada_));
  EXPECT_EQ(subscription(ada_, 0).acks.acked, acked);
}

TEST_F(RoomsMembersTest, ANewSessionIsInNoRoom) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(make(ada_, "den"));
  quit(ada_);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "leave ada "));
  EXPECT_THAT(texts_in("den"), ElementsAre("join ada ", "leave ada "));
  EXPECT_EQ(enter("ada", 1).slot, ada_) << "the same slot";
  EXPECT_EQ(rooms().find(ada_, id_of("lab")), std::nullopt);
  EXPECT_THAT(members_of("lab"), IsEmpty());
}

TEST_F(RoomsMembersTest, TheLogsOfTwoRoomsHaveNoOffsetInCommon) {
  for (std::uint32_t id = 1; id < 100; ++id) {
    const std::uint64_t first = state::first_offset(state::RoomId{id});
    const std::uint64_t next = state::first_offset(state::RoomId{id + 1});
    EXPECT_EQ(next - first, std::uint64_t{1} << state::kRoomOffsetBits);
  }
}

}  // namespace
}  // namespace chatd::chat
