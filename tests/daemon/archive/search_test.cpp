// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/search.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/archive/search_fixture.hpp"

namespace chatd::archive {
namespace {

using state::RoomId;
using test::batch;
using test::line;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using SearchTest = test::SearchFixture;

TEST_F(SearchTest, TheNewestLinesComeFirstFromTheIndexAndBehindIt) {
  say({"打开文件 one", "two", "文件"});
  index_all();
  say({"no", "我的文件"});
  EXPECT_THAT(found("文件"), ElementsAre("chat#4", "chat#2", "chat#0"));
  const auto page = database_.search(request("文件")).value();
  EXPECT_EQ(page.hits[0].line.text, "我的文件");
  EXPECT_EQ(page.hits[0].line.name, "ada");
  EXPECT_EQ(page.hits[0].room, number_of("chat"));
  EXPECT_TRUE(page.is_complete);
  EXPECT_FALSE(page.has_more);
}

TEST_F(SearchTest, AShortTermBesideALongOneIsExact) {
  say({"我的服务器", "一台服务器", "我的"});
  index_all();
  EXPECT_THAT(found("的 服务器"), ElementsAre("chat#0"));
  EXPECT_THAT(found("的"), ElementsAre("chat#2", "chat#0"));
}

TEST_F(SearchTest, PairsThatDoNotStandTogetherAreNotFound) {
  say({"文件 件夹", "文件夹"});
  index_all();
  EXPECT_THAT(found("文件夹"), ElementsAre("chat#1"));
}

TEST_F(SearchTest, OperatorsOfTheIndexAreText) {
  say({"a AND b", "b a", "near(a b)", "a*", "\"quoted\"", "-a", "entry:a", "_r1 _w0"});
  index_all();
  EXPECT_THAT(found("a AND b"), ElementsAre("chat#0"));
  EXPECT_THAT(found("NEAR(a"), ElementsAre("chat#2"));
  EXPECT_THAT(found("a*"), ElementsAre("chat#3"));
  EXPECT_THAT(found("-a"), ElementsAre("chat#5"));
  EXPECT_THAT(found("entry:a"), ElementsAre("chat#6"));
  EXPECT_THAT(found("_r1"), ElementsAre("chat#7"));
  EXPECT_THAT(found("\"\"quoted"), ElementsAre("chat#4"));
}

TEST_F(SearchTest, RoomsAndTheirFirstReadableLinesLimitWhatIsFound) {
  say({"hello", "hello", "hello"}, 1);
  say({"hello"}, 2);
  say({"hello", "hello"}, 3);
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    auto asked = request("hello");
    asked.rooms = std::vector{SearchRoom{.room = number_of("room1"), .from = 1}};
    EXPECT_THAT(found(asked), ElementsAre("room1#2", "room1#1"));
    asked.rooms->push_back({.room = number_of("room3"), .from = 1});
    EXPECT_THAT(found(asked), ElementsAre("room3#1", "room1#2", "room1#1"));
    asked.rooms->clear();
    EXPECT_THAT(found(asked), IsEmpty());
    asked.rooms = std::vector{SearchRoom{.room = 99}};
    EXPECT_THAT(found(asked), IsEmpty());
  }
}

TEST_F(SearchTest, ARoomThatWasMadeAgainUnderItsNameIsAnotherOne) {
  save(database_, batch({line(0, "old secret")}, RoomId{1}, "lab"));
  const auto first = number_of("lab");
  save(database_, batch({line(0, "new secret")}, RoomId{2}, "lab"));
  index_all();
  auto asked = request("secret");
  asked.rooms = std::vector{SearchRoom{.room = number_of("lab")}};
  EXPECT_NE(number_of("lab"), first);
  const auto page = database_.search(asked).value();
  ASSERT_EQ(page.hits.size(), 1U);
  EXPECT_EQ(page.hits[0].line.text, "new secret");
}

TEST_F(SearchTest, AuthorsAreFoundWithoutRegardToCase) {
  say({"one"}, 0, "Ada");
  say({"two"}, 0, "bob");
  say({"three"}, 0, "ａda");
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    EXPECT_THAT(found("from:ADA"), ElementsAre("chat#2", "chat#0"));
    EXPECT_THAT(found("two from:ada"), IsEmpty());
    EXPECT_THAT(found("from:nobody"), IsEmpty());
  }
}

TEST_F(SearchTest, AClockThatWasSetBackHidesNoLine) {
  const auto at = [](std::int64_t second) { return second * 1'000'000; };
  save(database_, batch({line(0, "x", "ada", at(50)), line(1, "x", "ada", at(10)),
                         line(2, "x", "ada", at(60)), line(3, "x", "ada", at(10))}));
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    EXPECT_THAT(found("x since:60s"), ElementsAre("chat#2", "chat#0"));  // it is second 100
    EXPECT_THAT(found("x since:40s"), ElementsAre("chat#2"));
    EXPECT_THAT(found("x since:30s"), IsEmpty());
  }
}

TEST_F(SearchTest, GapsAreNotFound) {
  save(database_, batch({test::gap(0, 12), line(13, "12")}));
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    EXPECT_THAT(found("12"), ElementsAre("chat#13"));
  }
}

TEST_F(SearchTest, APageHasItsLinesAndGoesOnBehindThem) {
  say({"x", "x", "no", "x", "x"});
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    auto asked = request("x");
    asked.lines = 3;
    const auto page = database_.search(asked).value();
    EXPECT_EQ(page.hits.size(), 3U);
    EXPECT_TRUE(page.has_more);
    EXPECT_THAT(found(asked), ElementsAre("chat#4", "chat#3", "chat#1", "chat#0"));
    asked.lines = 4;
    EXPECT_FALSE(database_.search(asked).value().has_more);
    asked.lines = 100;
    asked.bytes = 1;
    EXPECT_THAT(found(asked), ElementsAre("chat#4", "chat#3", "chat#1", "chat#0"));
  }
}

TEST_F(SearchTest, APageEndsWhenItsTimeIsOver) {
  say(std::vector<std::string>(3000, "的"));
  for (const bool is_indexed : {false, true}) {
    if (is_indexed) index_all();
    auto asked = request("文");
    asked.is_time_over = [] { return true; };
    const auto page = database_.search(asked).value();
    EXPECT_TRUE(page.hits.empty());
    EXPECT_TRUE(page.has_more);
    pages_ = 0;
    EXPECT_THAT(found(asked), IsEmpty());
    EXPECT_GT(pages_, 50);
  }
}

TEST_F(SearchTest, DeletedLinesAreNotFoundAndLeaveNoToken) {
  say({"alpha one", "alpha two", "alpha three"});
  index_all();
  ASSERT_EQ(database_.delete_oldest(1).value().lines, 1U);
  EXPECT_THAT(found("alpha"), ElementsAre("chat#2", "chat#1"));
  EXPECT_THAT(found("one"), IsEmpty());
  const auto expired =
      database_.expire(WallTime{Micros{1'000'002}}, WallTime{Micros{2'000'000}}, 10).value();
  ASSERT_EQ(expired.rows, 2U) << "a line and the gap of the deleted one";
  ASSERT_EQ(expired.lines, 1U);
  EXPECT_THAT(found("alpha"), ElementsAre("chat#2"));
  while (database_.clean_index(64, true).value()) {
  }
  ASSERT_TRUE(database_.checkpoint());
  const std::string file = test::file_text(directory_ / "history.db");
  EXPECT_EQ(file.find("two"), std::string::npos);
  EXPECT_NE(file.find("three"), std::string::npos);
}

TEST_F(SearchTest, WhileTheIndexIsBuiltNothingIsMissing) {
  std::vector<std::string> texts(20'000, "x");
  texts[3] = "needle";
  say(std::move(texts));
  ASSERT_TRUE(database_.index(1000).value());
  auto page = database_.search(request("needle")).value();
  EXPECT_FALSE(page.is_complete);
  EXPECT_EQ(page.hits.size(), 1U);
  index_all();
  page = database_.search(request("needle")).value();
  EXPECT_TRUE(page.is_complete);
  EXPECT_EQ(page.hits.size(), 1U);
}

}  // namespace
}  // namespace chatd::archive
