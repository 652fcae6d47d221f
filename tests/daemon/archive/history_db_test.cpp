// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/history_db.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using state::RoomId;
using test::batch;
using test::line;
using test::stored;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using HistoryDbTest = test::HistoryDbFixture;

TEST_F(HistoryDbTest, KeepsLinesAndThePlaceBehindThem) {
  {
    auto database = open();
    save(database, batch({line(3, "hello"), line(5, "你好", "bob")}));
  }
  auto database = open();
  EXPECT_THAT(stored(database), ElementsAre("3 ada hello", "5 bob 你好"));
  const auto rooms = database.rooms().value();
  ASSERT_EQ(rooms.size(), 1U);
  EXPECT_EQ(rooms[0].room, state::kDefaultRoom);
  EXPECT_EQ(rooms[0].place, (Place{.offset = 600, .sequence = 6}));
  EXPECT_EQ(database.figures().value().lines, 2U);
}

TEST_F(HistoryDbTest, ALineThatIsStoredAgainIsThereOnce) {
  auto database = open();
  save(database, batch({line(1, "one")}));
  save(database, batch({line(1, "one"), line(2, "two")}));
  EXPECT_THAT(stored(database), ElementsAre("1 ada one", "2 ada two"));
}

TEST_F(HistoryDbTest, InAnotherHistoryTheNumbersOfTheDefaultRoomGoOn) {
  {
    auto database = open(1);
    save(database, batch({line(0, "before"), line(4, "last")}));
  }
  {
    auto database = open(2);
    EXPECT_THAT(database.rooms().value(), IsEmpty()) << "it is read from its beginning";
    save(database, batch({line(0, "after")}));
  }
  auto database = open(3);
  save(database, batch({line(0, "later")}));
  EXPECT_THAT(stored(database),
              ElementsAre("0 ada before", "4 ada last", "5 ada after", "6 ada later"));
}

TEST_F(HistoryDbTest, ARoomOfAnotherHistoryWithTheSameNumberIsAnotherRoom) {
  {
    auto database = open(1);
    save(database, batch({line(0, "old")}, RoomId{1}, "lab"));
  }
  auto database = open(2);
  save(database, batch({line(0, "new")}, RoomId{1}, "lab"));
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 ada new"));
}

TEST_F(HistoryDbTest, ARoomThatIsKeptGoesOnInAnotherHistory) {
  {
    auto database = open(1);
    save(database, batch({line(0, "old"), line(6, "last")}, RoomId{1}, "lab"));
  }
  auto database = open(2);
  Batch kept = batch({line(7, "new")}, RoomId{1}, "lab");
  kept.rooms[0].born = 1;
  kept.rooms[0].begin = 7;
  save(database, kept);
  kept = batch({line(8, "newer")}, RoomId{1}, "lab");
  kept.rooms[0].born = 1;
  kept.rooms[0].begin = 7;
  save(database, kept);
  EXPECT_THAT(stored(database, "lab"),
              ElementsAre("0 ada old", "6 ada last", "7 ada new", "8 ada newer"));
  ASSERT_EQ(database.rooms().value().size(), 1U);
  EXPECT_EQ(database.rooms().value()[0].place, (Place{.offset = 900, .sequence = 9}));
}

TEST_F(HistoryDbTest, NumbersThatWereGivenTwiceAreShifted) {
  {
    auto database = open(1);
    save(database, batch({line(0, "old"), line(6, "last")}, RoomId{1}, "lab"));
  }
  auto database = open(2);
  Batch kept = batch({line(3, "new")}, RoomId{1}, "lab");
  kept.rooms[0].born = 1;
  kept.rooms[0].begin = 3;
  save(database, kept);
  EXPECT_THAT(stored(database, "lab"), ElementsAre("0 ada old", "6 ada last", "10 ada new"));
}

TEST_F(HistoryDbTest, ARoomIsFoundByItsLastNameInEveryForm) {
  auto database = open();
  save(database, batch({line(0, "a")}, RoomId{1}, "lab"));
  save(database, batch({line(1, "b")}, RoomId{1}, "Labor"));
  EXPECT_THAT(stored(database, "LABOR"), ElementsAre("0 ada a", "1 ada b"));
  EXPECT_THAT(stored(database, "lab"), IsEmpty());
}

TEST_F(HistoryDbTest, AKeyThatBecomesKnownIsThatOfAllLinesOfTheAuthor) {
  auto database = open();
  save(database, batch({line(0, "a")}));
  Line with_key = line(1, "b");
  with_key.author.key.assign(32, std::byte{9});
  save(database, batch({with_key}));
  save(database, batch({line(2, "c")}));
  const auto page = database.page({.room = "chat", .before = 9, .lines = 9, .bytes = 99}).value();
  for (const auto& one : page->lines) EXPECT_EQ(one.key, with_key.author.key) << one.text;
}

}  // namespace
}  // namespace chatd::archive
