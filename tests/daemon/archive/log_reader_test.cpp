// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/log_reader.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/daemon/archive/log_reader_fixture.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using LogReaderTest = test::LogReaderFixture;

TEST_F(LogReaderTest, ReadsEachMessageOfEachRoomOnce) {
  make_room(0, 1, "lab");
  say("one");
  say_in(0, "two");
  EXPECT_TRUE(reader_.has_news());
  EXPECT_THAT(read(), ElementsAre("lab 0 two", "chat 0 one"));
  EXPECT_FALSE(reader_.has_news());
  EXPECT_THAT(read(), IsEmpty());
  say_in(0, "three");
  EXPECT_TRUE(reader_.has_news());
  EXPECT_THAT(read(), ElementsAre("lab 1 three"));
  say("four");
  EXPECT_TRUE(reader_.has_news());
  EXPECT_THAT(read(), ElementsAre("chat 1 four"));
}

TEST_F(LogReaderTest, ReadsActionsAnnouncementsAndTopicsAndNoOtherRecords) {
  using enum wire::RecordKind;
  const std::vector<wire::RecordKind> kinds{join, action,    announce, kick, topic,
                                            set,  moderated, crowd,    leave};
  for (const auto kind : kinds) append(state::RoomLog{state_}, kind, "x", "ada");
  EXPECT_THAT(read(), ElementsAre("chat 1 x", "chat 2 x", "chat 4 x"));
  EXPECT_EQ(batch_.rooms[0].place.sequence, kinds.size());
}

TEST_F(LogReaderTest, GoesOnWhereTheDatabaseSays) {
  make_room(0, 1, "lab");
  say("one");
  say_in(0, "two");
  (void)read();
  std::vector<LogReader::Stored> stored;
  for (const auto& part : batch_.rooms) stored.push_back({part.room, part.place});
  say("three");
  say_in(0, "four");
  LogReader successor{follower_, "chat"};
  successor.begin(stored);
  EXPECT_THAT(read(successor), ElementsAre("lab 1 four", "chat 1 three"));
  successor.begin({});
  EXPECT_THAT(read(successor),
              ElementsAre("lab 0 two", "lab 1 four", "chat 0 one", "chat 1 three"));
}

TEST_F(LogReaderTest, MessagesThatWereOverwrittenAreAGap) {
  say("first");
  (void)read();
  overflow([this](std::string_view text) { say(text); });
  const auto lines = read();
  ASSERT_FALSE(lines.empty());
  const Line& gap = batch_.rooms[0].lines[0];
  EXPECT_EQ(gap.kind, kGap);
  EXPECT_EQ(gap.sequence, 1U);
  EXPECT_EQ(gap.last + 1, batch_.rooms[0].lines[1].sequence);
  EXPECT_EQ(batch_.rooms[0].lines.back().sequence, 40U);
}

TEST_F(LogReaderTest, TheWholeLogOfADroppedRoomIsAGapUpToItsLastNumber) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  (void)read();
  say_in(0, "two");
  say_in(0, "three");
  rooms_.begin_drop(RoomIndex{0});
  rooms_.drop(RoomIndex{0});
  EXPECT_THAT(read(), ElementsAre("lab 1-2 gap"));
  EXPECT_FALSE(reader_.exists(RoomId{1}, test::kHistoryId));
  say("x");
  EXPECT_THAT(read(), ElementsAre("chat 0 x"));
}

TEST_F(LogReaderTest, ARowThatHasAnotherRoomMeanwhileEndsTheOldOneWithAnOpenGap) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  (void)read();
  say_in(0, "lost");
  rooms_.begin_drop(RoomIndex{0});
  rooms_.drop(RoomIndex{0});
  make_room(0, 2, "new");
  say_in(0, "first");
  EXPECT_THAT(read(), ElementsAre("lab 1-0 gap", "new 0 first"));
  EXPECT_TRUE(reader_.exists(RoomId{2}, test::kHistoryId));
}

TEST_F(LogReaderTest, LinesThatWereFilledInFromTheDatabaseAreNotRead) {
  make_room(0, 1, "lab");
  say_in(0, "filled in");
  state::RoomHead& head = state_.room_slot(RoomIndex{0}).head;
  head.begin_offset = state_.room_log(RoomIndex{0}).tail();
  head.begin_sequence = 40;
  head.next_sequence = 40;
  EXPECT_THAT(read(), IsEmpty());
  say_in(0, "new");
  EXPECT_THAT(read(), ElementsAre("lab 40 new"));
  ASSERT_EQ(batch_.rooms.size(), 1U);
  EXPECT_EQ(batch_.rooms[0].begin, 40U);
  EXPECT_EQ(batch_.rooms[0].born, test::kHistoryId);
}

TEST_F(LogReaderTest, ARoomThatWasReadToItsEndLeavesNoGap) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  (void)read();
  rooms_.begin_drop(RoomIndex{0});
  rooms_.drop(RoomIndex{0});
  rooms_.end_append(RoomIndex{0});
  EXPECT_THAT(read(), IsEmpty());
  make_room(0, 2, "new");
  say_in(0, "first");
  EXPECT_THAT(read(), ElementsAre("new 0 first"));
}

// The leaves behind the last message of a room have no line, so its place is stored without one.
TEST_F(LogReaderTest, ASuccessorFindsNoGapAtTheEndOfADroppedRoom) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  (void)read();
  append(state::RoomLog{state_, RoomIndex{0}}, wire::RecordKind::leave, "", "ada");
  rooms_.begin_drop(RoomIndex{0});
  rooms_.drop(RoomIndex{0});
  rooms_.end_append(RoomIndex{0});
  (void)read();
  ASSERT_EQ(batch_.rooms.size(), 1U);
  LogReader successor{follower_, "chat", {}};
  const std::array stored{LogReader::Stored{RoomId{1}, batch_.rooms[0].place}};
  successor.begin(stored);
  EXPECT_THAT(read(successor), IsEmpty());
}

TEST_F(LogReaderTest, ADroppedRoomInWhichNothingWasSaidIsNotStored) {
  make_room(0, 1, "lab");
  for (const auto kind : {wire::RecordKind::join, wire::RecordKind::leave}) {
    append(state::RoomLog{state_, RoomIndex{0}}, kind, "", "ada");
  }
  rooms_.end_append(RoomIndex{0});
  EXPECT_THAT(read(), IsEmpty());
  rooms_.begin_drop(RoomIndex{0});
  rooms_.drop(RoomIndex{0});
  rooms_.end_append(RoomIndex{0});
  EXPECT_THAT(read(), IsEmpty());
  EXPECT_TRUE(batch_.rooms.empty());
  LogReader successor{follower_, "chat", {}};
  successor.begin({});
  EXPECT_THAT(read(successor), IsEmpty());
  EXPECT_TRUE(batch_.rooms.empty());
}

TEST_F(LogReaderTest, ABatchIsFullAtItsLimitAndTheNextOneGoesOn) {
  LogReader reader{follower_, "chat", {.lines = 2, .bytes = 1000}};
  reader.begin({});
  make_room(0, 1, "lab");
  for (const char* text : {"a", "b", "c"}) say_in(0, text);
  say("d");
  EXPECT_THAT(read(reader), ElementsAre("lab 0 a", "lab 1 b"));
  EXPECT_TRUE(batch_.is_full);
  EXPECT_TRUE(reader.has_news());
  EXPECT_THAT(read(reader), ElementsAre("lab 2 c", "chat 0 d"));
  EXPECT_THAT(read(reader), IsEmpty());
  EXPECT_FALSE(reader.has_news());
}

TEST_F(LogReaderTest, NewsThatWereOverwrittenAreNewsOfAllRooms) {
  make_room(0, 1, "lab");
  make_room(1, 2, "pub");
  (void)read();
  say_in(1, "hidden");
  for (std::size_t i = 0; i < state::kNewsEntries; ++i) rooms_.end_append(RoomIndex{0});
  EXPECT_THAT(read(), ElementsAre("pub 0 hidden"));
}

TEST_F(LogReaderTest, ManyJoinsMoveTheStoredPlace) {
  const std::string name(64, 'n');
  bool is_stored = false;
  for (int i = 0; i < 600 && !is_stored; ++i) {
    append(state::RoomLog{state_}, wire::RecordKind::join, "", name);
    EXPECT_THAT(read(), IsEmpty());
    is_stored = !batch_.rooms.empty();
  }
  EXPECT_TRUE(is_stored);
  EXPECT_GE(batch_.rooms.at(0).place.offset, 65'536U);
}

TEST_F(LogReaderTest, ARoomThatIsRenamedHasItsNewNameFromThenOn) {
  make_room(0, 1, "lab");
  say_in(0, "a");
  EXPECT_THAT(read(), ElementsAre("lab 0 a"));
  rooms_.rename(RoomIndex{0}, "pub");
  say_in(0, "b");
  EXPECT_THAT(read(), ElementsAre("pub 1 b"));
}

// --- how far it was read -------------------------------------------------------------

class StoredPlacesTest : public LogReaderTest {
 protected:
  [[nodiscard]] state::StoredPlace& place() { return state_.stored_place(std::nullopt); }
  [[nodiscard]] state::StoredPlace& place(std::uint32_t row) {
    return state_.stored_place(RoomIndex{row});
  }
  [[nodiscard]] std::uint64_t tail() { return state_.room_log().tail(); }
  [[nodiscard]] std::uint64_t tail(std::uint32_t row) {
    return state_.room_log(RoomIndex{row}).tail();
  }
  // A batch that is stored.
  void store() {
    (void)read();
    reader_.publish_lost(batch_);
    (void)reader_.publish_stored(batch_);
  }
};

TEST_F(StoredPlacesTest, APlaceMovesWhenTheBatchIsStoredAndNotWhenItIsRead) {
  make_room(0, 1, "lab");
  say("one");
  say_in(0, "two");
  (void)read();
  reader_.publish_lost(batch_);
  EXPECT_EQ(place().offset, 0U);
  EXPECT_TRUE(reader_.publish_stored(batch_));
  EXPECT_EQ(place().offset, tail());
  EXPECT_EQ(place(0).offset, tail(0));
  EXPECT_EQ(place().lost, 0U);
  EXPECT_EQ(state_.archive().lost_tail, 0U);
  (void)read();
  EXPECT_FALSE(reader_.publish_stored(batch_));
}

// Members wait for the end of a log, where joins and leaves may be.
TEST_F(StoredPlacesTest, RecordsThatAreNotStoredMoveThePlaceToo) {
  append(state::RoomLog{state_}, wire::RecordKind::leave, {}, "ada");
  store();
  EXPECT_TRUE(batch_.rooms.empty());
  EXPECT_EQ(place().offset, tail());
}

TEST_F(StoredPlacesTest, AFullBatchMovesThePlaceAsFarAsItGoes) {
  LogReader reader{follower_, "chat", {.lines = 2, .bytes = 1000}};
  reader.begin({});
  say("one");
  say("two");
  const std::uint64_t behind_two = tail();
  say("three");
  (void)read(reader);
  (void)reader.publish_stored(batch_);
  EXPECT_EQ(place().offset, behind_two);
}

TEST_F(StoredPlacesTest, OverwrittenMessagesAreLostAndLaterOnesAreNot) {
  say("one");
  store();
  overflow([this](std::string_view text) { say(text); });
  const std::uint64_t oldest = state_.room_log().oldest();
  (void)read();
  reader_.publish_lost(batch_);
  EXPECT_EQ(place().lost, oldest);
  EXPECT_EQ(state_.archive().lost_tail, tail() + 1) << "before the batch is stored";
  (void)reader_.publish_stored(batch_);
  EXPECT_EQ(place().offset, tail());
  EXPECT_EQ(state::stored(place(), state::kDefaultRoom, logs::Offset{tail()}), state::Stored::yes);
  EXPECT_EQ(state::stored(place(), state::kDefaultRoom, logs::Offset{oldest}),
            state::Stored::unknown);
}

TEST_F(StoredPlacesTest, ARowThatIsGivenToAnotherRoomLosesNothingIfTheFirstOneWasRead) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  rooms_.drop(RoomIndex{0});
  store();
  make_room(0, 2, "pub");
  say_in(0, "two");
  store();
  EXPECT_EQ(place(0).offset, tail(0));
  EXPECT_EQ(state_.archive().lost_tail, 0U);
  EXPECT_EQ(state::stored(place(0), RoomId{2}, logs::Offset{tail(0)}), state::Stored::yes);
  EXPECT_EQ(state::stored(place(0), RoomId{1}, logs::Offset{place(0).offset - 8}),
            state::Stored::unknown);
}

TEST_F(StoredPlacesTest, ARoomThatWasGoneBeforeItWasReadIsLost) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  store();
  say_in(0, "two");
  rooms_.drop(RoomIndex{0});
  store();
  EXPECT_EQ(state::stored(place(0), RoomId{1}, logs::Offset{tail(0)}), state::Stored::unknown);
  EXPECT_NE(state_.archive().lost_tail, 0U);
}

// Of a database that is another one than before nothing is known until its logs are read again.
TEST_F(StoredPlacesTest, BeginTakesThePlacesBack) {
  make_room(0, 1, "lab");
  say("one");
  say_in(0, "two");
  store();
  reader_.begin({});
  EXPECT_EQ(place().offset, 0U);
  EXPECT_EQ(place(0).offset, std::uint64_t{state::first_offset(RoomId{1})});
  store();
  EXPECT_EQ(place().offset, tail());
  EXPECT_EQ(place(0).offset, tail(0));
}

TEST_F(StoredPlacesTest, BeginGoesOnWhereTheDatabaseSays) {
  say("one");
  store();
  const Place stored = batch_.rooms[0].place;
  const std::array places{LogReader::Stored{state::kDefaultRoom, stored}};
  reader_.begin(places);
  EXPECT_EQ(place().offset, stored.offset);
}

}  // namespace
}  // namespace chatd::archive
