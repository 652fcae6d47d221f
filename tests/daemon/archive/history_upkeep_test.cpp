// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using state::RoomId;
using test::Batch;
using test::batch;
using test::gap;
using test::line;
using test::stored;
using ::testing::ElementsAre;

using HistoryUpkeepTest = test::HistoryDbFixture;

TEST_F(HistoryUpkeepTest, LinesOlderThanTheLimitAreDeletedInSteps) {
  auto database = open();
  std::vector<Line> lines;
  for (std::uint64_t i = 0; i < 5; ++i) {
    lines.push_back(line(i, "x", "ada", static_cast<std::int64_t>(i) * 10));
  }
  save(database, batch(std::move(lines)));
  const WallTime now{Micros{100}};
  const Deleted first = database.expire(WallTime{Micros{30}}, now, 2).value();
  EXPECT_EQ(first.lines, 2U);
  EXPECT_FALSE(first.is_last);
  const Deleted last = database.expire(WallTime{Micros{30}}, now, 2).value();
  EXPECT_EQ(last.lines, 1U);
  EXPECT_TRUE(last.is_last);
  EXPECT_THAT(stored(database), ElementsAre("3 ada x", "4 ada x"));
}

TEST_F(HistoryUpkeepTest, LinesWithATimeInTheFutureDoNotHideOldOnesBehindThem) {
  auto database = open();
  save(database, batch({line(0, "f", "ada", 900), line(1, "g", "ada", 900), line(2, "o", "ada", 1),
                        line(3, "n", "ada", 90)}));
  const WallTime now{Micros{100}};
  Deleted all;
  Deleted step;
  do {
    step = database.expire(WallTime{Micros{50}}, now, 2).value();
    all.add(step);
  } while (!step.is_last);
  EXPECT_EQ(all.lines, 1U);
  EXPECT_THAT(stored(database), ElementsAre("0 ada f", "1 ada g", "3 ada n"));
}

TEST_F(HistoryUpkeepTest, LinesOfARoomWithALimitOfItsOwnAreDeletedByIt) {
  constexpr std::int64_t kDay = 86'400'000'000;
  auto database = open();
  const auto save_lines = [&](std::uint32_t room, const char* name, std::uint16_t history) {
    Batch lines =
        batch({line(0, "a", "ada", 0), line(1, "b", "ada", kDay), line(2, "c", "ada", 2 * kDay)},
              RoomId{room}, name);
    lines.rooms[0].history = history;
    save(database, lines);
  };
  save_lines(1, "server", wire::kHistoryOfServer);
  save_lines(2, "day", 1);
  save_lines(3, "off", wire::kHistoryOff);
  Deleted all;
  Deleted step;
  do {
    step = database.expire_rooms(WallTime{Micros{2 * kDay + 1}}, 2).value();
    all.add(step);
  } while (!step.is_last);
  EXPECT_EQ(all.lines, 5U);
  EXPECT_THAT(stored(database, "server"), ElementsAre("0 ada a", "1 ada b", "2 ada c"));
  EXPECT_THAT(stored(database, "day"), ElementsAre("2 ada c"));
  EXPECT_THAT(stored(database, "off"), ElementsAre());
}

// Of each room the lines with a time in the future are looked at, and two of the others.
TEST_F(HistoryUpkeepTest, AStepLooksAtAFewLinesOfRoomsWithALimitAndTheNextStepGoesOn) {
  constexpr std::int64_t kDay = 86'400'000'000;
  auto database = open();
  for (std::uint32_t room = 1; room <= 3; ++room) {
    Batch lines = batch({line(0, "f", "ada", 9 * kDay), line(1, "g", "ada", 9 * kDay),
                         line(2, "o", "ada", 0), line(3, "n", "ada", 2 * kDay)},
                        RoomId{room}, "room" + std::to_string(room));
    lines.rooms[0].history = 1;
    save(database, lines);
  }
  std::vector<std::size_t> deleted;
  Deleted step;
  do {
    step = database.expire_rooms(WallTime{Micros{2 * kDay + 1}}, 4).value();
    deleted.push_back(step.lines);
  } while (!step.is_last && deleted.size() < 9);
  EXPECT_THAT(deleted, ElementsAre(1, 1, 1));
  for (const char* room : {"room1", "room2", "room3"}) {
    EXPECT_THAT(stored(database, room), ElementsAre("0 ada f", "1 ada g", "3 ada n"));
  }
}

TEST_F(HistoryUpkeepTest, ALimitOfARoomIsKeptUntilABatchHasAnother) {
  auto database = open();
  Batch first = batch({line(0, "a")}, RoomId{1}, "lab");
  first.rooms[0].history = 30;
  save(database, first);
  save(database, batch({line(1, "b")}, RoomId{1}, "lab"));
  EXPECT_EQ(database.rooms().value().at(0).history, 30);
  Batch last = batch({line(2, "c")}, RoomId{1}, "lab");
  last.rooms[0].history = wire::kHistoryOfServer;
  save(database, last);
  EXPECT_EQ(database.rooms().value().at(0).history, wire::kHistoryOfServer);
}

TEST_F(HistoryUpkeepTest, AGapStaysForTheOldestLinesOfEachRoomWhenTheyMakeSpace) {
  auto database = open();
  save(database, batch({line(0, "a"), line(1, "b")}));
  save(database, batch({line(0, "x")}, RoomId{1}, "lab"));
  save(database, batch({line(2, "c"), line(3, "d"), line(4, "e")}));
  EXPECT_EQ(database.delete_oldest(3).value().lines, 3U);
  EXPECT_THAT(stored(database), ElementsAre("0 gap 1", "2 ada c", "3 ada d", "4 ada e"));
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 gap 0"));
  EXPECT_EQ(database.figures().value().lines, 3U);
  EXPECT_EQ(database.delete_oldest(2).value().lines, 2U);
  EXPECT_THAT(stored(database), ElementsAre("0 gap 3", "4 ada e"));
  EXPECT_EQ(database.figures().value().lines, 1U);
}

TEST_F(HistoryUpkeepTest, DeletedLinesAndTheGapsBetweenThemBecomeOneGap) {
  auto database = open();
  save(database, batch({line(2, "a"), gap(3, 7), line(8, "b"), line(9, "c")}));
  const Deleted deleted = database.delete_oldest(3).value();
  EXPECT_EQ(deleted.rows, 3U);
  EXPECT_EQ(deleted.lines, 2U);
  EXPECT_THAT(stored(database), ElementsAre("2 gap 8", "9 ada c"));
}

TEST_F(HistoryUpkeepTest, AGapBehindTheLastLineOfARoomIsDeletedForSpaceToo) {
  auto database = open();
  save(database, batch({line(0, "a"), gap(1, 7)}, RoomId{1}, "lab"));
  save(database, batch({line(0, "b")}));
  (void)database.delete_oldest(2);
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 gap 7"));
  EXPECT_THAT(stored(database), ElementsAre("0 ada b"));
  while (database.delete_unused(9, [](RoomId, std::uint64_t) { return false; }).value()) {
  }
  EXPECT_EQ(database.rooms().value().size(), 1U) << "it does not keep a room that is gone";
}

TEST_F(HistoryUpkeepTest, AGapWithoutAnEndStaysOneWhenItIsDeletedForSpace) {
  auto database = open();
  save(database, batch({line(0, "a"), gap(1)}, RoomId{1}, "lab"));
  (void)database.delete_oldest(9);
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 gap 0"));
  EXPECT_EQ(database.file().number("SELECT count(*) FROM message WHERE text = ''").value(), 1);
}

TEST_F(HistoryUpkeepTest, TheOldestLinesAreDeletedFirst) {
  auto database = open();
  save(database, batch({line(0, "a"), line(1, "b"), line(2, "c")}));
  EXPECT_EQ(database.delete_oldest(2).value().lines, 2U);
  EXPECT_THAT(stored(database), ElementsAre("0 gap 1", "2 ada c"));
  EXPECT_EQ(database.delete_oldest(2).value().lines, 1U);
  EXPECT_EQ(database.delete_oldest(2).value().lines, 0U);
}

TEST_F(HistoryUpkeepTest, AuthorsAndRoomsWithoutLinesAreDeletedButNotRoomsThatExist) {
  auto database = open();
  save(database, batch({line(0, "a", "ada"), line(1, "b", "bob")}, RoomId{1}, "lab"));
  save(database, batch({line(0, "c", "carol")}, RoomId{2}, "gone"));
  EXPECT_EQ(database.delete_oldest(1).value().lines, 1U);
  while (database.delete_unused(1, [](RoomId, std::uint64_t) { return true; }).value()) {
  }
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 gap 0", "1 bob b"));
  EXPECT_EQ(database.delete_oldest(2).value().lines, 2U);
  while (database.delete_unused(1, [](RoomId room, std::uint64_t) { return room == RoomId{1}; })
             .value()) {
  }
  const auto rooms = database.rooms().value();
  ASSERT_EQ(rooms.size(), 1U) << "the gap of the other one does not keep it";
  EXPECT_EQ(rooms[0].room, RoomId{1});
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 gap 1"));
}

// Each call of `exists` searches all rooms in memory.
TEST_F(HistoryUpkeepTest, OnlyRoomsWithoutLinesAreLookedForInMemory) {
  auto database = open();
  save(database, batch({line(0, "a")}, RoomId{1}, "empty"));
  save(database, batch({line(0, "b")}, RoomId{2}, "full"));
  EXPECT_EQ(database.delete_oldest(1).value().lines, 1U);
  std::vector<RoomId> asked;
  const auto exists = [&asked](RoomId room, std::uint64_t) {
    asked.push_back(room);
    return true;
  };
  EXPECT_FALSE(database.delete_unused(9, exists).value());
  EXPECT_THAT(asked, ElementsAre(RoomId{1}));
}

TEST_F(HistoryUpkeepTest, DeletedTextIsInNoFileAfterACheckpoint) {
  auto database = open();
  save(database, batch({line(0, "xyzzy-secret", "plugh-author")}));
  ASSERT_TRUE(database.checkpoint());
  ASSERT_NE(test::file_text(directory_ / "history.db").find("xyzzy-secret"), std::string::npos);
  ASSERT_EQ(database.delete_oldest(1).value().lines, 1U);
  ASSERT_FALSE(database.delete_unused(9, [](RoomId, std::uint64_t) { return false; }).value());
  ASSERT_TRUE(database.checkpoint());
  for (const char* name : {"history.db", "history.db-wal"}) {
    EXPECT_EQ(test::file_text(directory_ / name).find("xyzzy-secret"), std::string::npos) << name;
    EXPECT_EQ(test::file_text(directory_ / name).find("plugh-author"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace chatd::archive
