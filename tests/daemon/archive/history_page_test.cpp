// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/daemon/archive/history_db_fixture.hpp"

namespace chatd::archive {
namespace {

using test::batch;
using test::line;
using test::stored;
using ::testing::ElementsAre;

using HistoryPageTest = test::HistoryDbFixture;

TEST_F(HistoryPageTest, APageHasTheNewestLinesAndSaysThatThereAreMore) {
  auto database = open();
  save(database, batch({line(0, "a"), line(1, "b"), line(2, "c")}));
  auto page = database.page({.room = "chat", .before = 100, .lines = 2, .bytes = 1000}).value();
  ASSERT_EQ(page->lines.size(), 2U);
  EXPECT_EQ(page->lines[0].text, "b");
  EXPECT_TRUE(page->has_more);
  page = database.page({.room = "chat", .before = 1, .lines = 2, .bytes = 1000}).value();
  ASSERT_EQ(page->lines.size(), 1U);
  EXPECT_FALSE(page->has_more);
  page = database.page({.room = "chat", .before = 100, .lines = 9, .bytes = 1}).value();
  EXPECT_EQ(page->lines.size(), 1U);
  EXPECT_TRUE(page->has_more);
  EXPECT_FALSE(database.page({.room = "none", .before = 9, .lines = 9, .bytes = 9}).value());
}

TEST_F(HistoryPageTest, AGapIsALineWithItsLastNumber) {
  {
    auto database = open(1);
    save(database, batch({line(0, "a")}));
  }
  auto database = open(2);
  Batch gap = batch({line(9, "b")});
  gap.rooms[0].lines.insert(gap.rooms[0].lines.begin(), test::gap(2, 8));
  save(database, gap);
  EXPECT_THAT(stored(database), ElementsAre("0 ada a", "3 gap 9", "10 ada b"));
}

}  // namespace
}  // namespace chatd::archive
