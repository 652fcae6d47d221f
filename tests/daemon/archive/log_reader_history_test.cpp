// SPDX-License-Identifier: GPL-3.0-or-later
// How the LogReader reads a room with a history of its own.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "daemon/archive/log_reader.hpp"
#include "tests/daemon/archive/log_reader_fixture.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using LogReaderHistory = test::LogReaderFixture;

TEST_F(LogReaderHistory, ReadsNoMessageOfARoomWhoseHistoryIsOff) {
  make_room(0, 1, "lab");
  auto& lab = state_.properties(RoomIndex{0});
  say_in(0, "one");
  EXPECT_THAT(read(), ElementsAre("lab 0 one"));
  set_history(state_.registry_head(), lab, wire::kHistoryOff, 1);
  say_in(0, "two");
  EXPECT_THAT(read(), IsEmpty());
  ASSERT_EQ(batch_.rooms.size(), 1U);
  EXPECT_EQ(batch_.rooms[0].history, wire::kHistoryOff);
  overflow([&](const std::string& text) { say_in(0, text); });
  EXPECT_THAT(read(), IsEmpty()) << "no gap either";
  const std::uint64_t next = state_.room_slot(RoomIndex{0}).head.next_sequence;
  say_in(0, "before the archive looks again");
  set_history(state_.registry_head(), lab, 30, next + 1);
  say_in(0, "three");
  EXPECT_THAT(read(), ElementsAre(fmt::format("lab {} three", next + 1)));
  EXPECT_EQ(batch_.rooms[0].history, 30);
}

TEST_F(LogReaderHistory, ABatchHasTheLimitOfARoomOnlyIfTheDatabaseHasAnother) {
  make_room(0, 1, "lab");
  state_.properties(RoomIndex{0}).history = 30;
  say_in(0, "one");
  (void)read();
  EXPECT_EQ(batch_.rooms.at(0).history, 30);
  say_in(0, "two");
  (void)read();
  EXPECT_EQ(batch_.rooms.at(0).history, std::nullopt);
  LogReader successor{follower_, "chat"};
  const LogReader::Stored lab{.room = RoomId{1}, .place = batch_.rooms.at(0).place, .history = 30};
  successor.begin({&lab, 1});
  say_in(0, "three");
  EXPECT_THAT(read(successor), ElementsAre("lab 2 three"));
  EXPECT_EQ(batch_.rooms.at(0).history, std::nullopt);
}

TEST_F(LogReaderHistory, AGapAtTheEndOfARoomBeginsWhereTheHistoryWasOnAgain) {
  make_room(0, 1, "lab");
  say_in(0, "one");
  (void)read();
  auto& lab = state_.properties(RoomIndex{0});
  set_history(state_.registry_head(), lab, wire::kHistoryOff, 1);
  for (const char* text : {"not stored", "nor this"}) say_in(0, text);
  set_history(state_.registry_head(), lab, 30, 3);
  for (const char* text : {"lost", "lost as well"}) say_in(0, text);
  rooms_.drop(RoomIndex{0});
  EXPECT_THAT(read(), ElementsAre("lab 3-4 gap"));
  EXPECT_TRUE(batch_.has_lost);
}

TEST_F(LogReaderHistory, NothingIsLostInARoomWhoseHistoryIsOff) {
  for (const bool is_known : {false, true}) {
    const std::uint32_t row = is_known ? 1 : 0;
    make_room(row, row + 1, "lab");
    set_history(state_.registry_head(), state_.properties(RoomIndex{row}), wire::kHistoryOff, 0);
    rooms_.end_append(RoomIndex{row});
    if (is_known) (void)read();
    say_in(row, "not stored");
    state_.room_slot(RoomIndex{row}).has_lines = 1;
    rooms_.drop(RoomIndex{row});
    EXPECT_THAT(read(), IsEmpty());
    EXPECT_FALSE(batch_.has_lost) << is_known;
  }
}

TEST_F(LogReaderHistory, ARoomWhoseHistoryWasOffHasNoGapWhenItsRowHasAnotherRoom) {
  make_room(0, 1, "lab");
  set_history(state_.registry_head(), state_.properties(RoomIndex{0}), wire::kHistoryOff, 0);
  say_in(0, "not stored");
  (void)read();
  say_in(0, "nor this");
  rooms_.drop(RoomIndex{0});
  make_room(0, 2, "new");
  say_in(0, "first");
  EXPECT_THAT(read(), ElementsAre("new 0 first"));
  EXPECT_FALSE(batch_.has_lost);
}

}  // namespace
}  // namespace chatd::archive
