// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/search_index.hpp"

#include <gmock/gmock.h>

#include "common/wire/search_text.hpp"
#include "tests/daemon/archive/search_fixture.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;

class SearchIndexTest : public test::SearchFixture {
 protected:
  // Changes the file while it is closed, and opens it again.
  void change(const char* sql) {
    database_ = open_other();
    {
      auto raw = store::Database::open(directory_ / "history.db", test::kLargeDatabase).value();
      const auto done = raw.run(sql);
      ASSERT_TRUE(done) << done.error().message();
    }
    database_ = open();
  }
  [[nodiscard]] HistoryDb open_other() {
    return HistoryDb::open(directory_ / "other.db", 1, test::kLargeDatabase, [] {}).value();
  }
  [[nodiscard]] std::int64_t indexed_lines_with(std::string_view word) {
    const auto sql = fmt::format("SELECT count(*) FROM found WHERE found MATCH '{}'", word);
    return database_.file().number(sql.c_str()).value();
  }
};

TEST(SearchTokens, HaveTheirForms) {
  EXPECT_EQ(window_token(window_of(kLinesOfAWindow - 1)), "_w0");
  EXPECT_EQ(window_token(window_of(kLinesOfAWindow)), "_w1");
  EXPECT_EQ(room_token(17), "_r17");
  EXPECT_EQ(name_token("ada"), name_token("ada"));
  EXPECT_NE(name_token("ada"), name_token("bob"));
  EXPECT_EQ(name_token("").size(), 10U);
}

TEST_F(SearchIndexTest, LinesAreIndexedInStepsAndStayIndexed) {
  say({"a", "b", "c"});
  EXPECT_EQ(database_.unindexed().value(), 3U);
  EXPECT_TRUE(database_.index(2).value());
  EXPECT_EQ(database_.unindexed().value(), 1U);
  EXPECT_FALSE(database_.index(2).value());
  EXPECT_EQ(database_.unindexed().value(), 0U);
  EXPECT_FALSE(database_.index(2).value());
  database_ = open_other();
  database_ = open();
  EXPECT_EQ(database_.unindexed().value(), 0U);
}

TEST_F(SearchIndexTest, AnIndexOfAnotherVersionIsBuiltAnew) {
  say({"alpha"});
  index_all();
  change("UPDATE search SET version = 99");
  EXPECT_EQ(database_.unindexed().value(), 1U);
  EXPECT_THAT(found("alpha"), ElementsAre("chat#0"));
  index_all();
  EXPECT_THAT(found("alpha"), ElementsAre("chat#0"));
}

TEST_F(SearchIndexTest, AMissingIndexIsBuiltAnew) {
  say({"alpha"});
  index_all();
  change("DROP TABLE found");
  EXPECT_EQ(database_.unindexed().value(), 1U);
  EXPECT_THAT(found("alpha"), ElementsAre("chat#0"));
}

TEST_F(SearchIndexTest, ADamagedIndexMakesSearchingSlowerAndHidesNothing) {
  say({"ALPHA", "beta"});
  index_all();
  ASSERT_TRUE(database_.checkpoint());
  database_ = open_other();
  // The first page of the index: its header is in front of the size, the kind and the first token.
  std::string file = test::file_text(directory_ / "history.db");
  const std::size_t at = file.find("0__alp");
  ASSERT_NE(at, std::string::npos);
  file.replace(at - 5, 4, "\xff\xff\xff\xff");
  test::write_file(directory_ / "history.db", file);
  database_ = open();
  EXPECT_THAT(found("alpha"), ElementsAre("chat#0"));
  EXPECT_TRUE(database_.is_index_damaged());
  ASSERT_TRUE(database_.rebuild_index());
  EXPECT_FALSE(database_.is_index_damaged());
  index_all();
  EXPECT_THAT(found("alpha"), ElementsAre("chat#0"));
  EXPECT_EQ(database_.delete_oldest(1).value().lines, 1U);
}

TEST_F(SearchIndexTest, OldLinesAreDeletedWhileTheyAreNotIndexed) {
  say({"a", "b", "c"});
  ASSERT_TRUE(database_.index(2).value());
  EXPECT_EQ(database_.delete_oldest(3).value().lines, 3U);
  say({"d"});
  index_all();
  EXPECT_THAT(found("d"), ElementsAre("chat#3"));
}

TEST_F(SearchIndexTest, ALineThatHasBecomeAGapIsNotFoundBySearching) {
  say({"descriptor", "descriptor"});
  index_all();
  ASSERT_EQ(indexed_lines_with("descriptor"), 2);
  EXPECT_EQ(database_.delete_oldest(1).value().lines, 1U);
  EXPECT_EQ(indexed_lines_with("descriptor"), 1);
  EXPECT_THAT(found("descriptor"), ElementsAre("chat#1"));
  ASSERT_TRUE(database_.rebuild_index());
  EXPECT_THAT(found("descriptor"), ElementsAre("chat#1")) << "without the index";
  index_all();
  EXPECT_EQ(indexed_lines_with("descriptor"), 1);
  EXPECT_THAT(found("descriptor"), ElementsAre("chat#1"));
}

}  // namespace
}  // namespace chatd::archive
