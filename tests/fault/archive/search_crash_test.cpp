// SPDX-License-Identifier: GPL-3.0-or-later
// An archive is killed after each step of indexing lines, and of deleting them. Its successor goes
// on, and the index has each line that is there, and no other one.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/archive/batches.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using test::line;
using ::testing::ElementsAre;

class SearchCrashTest : public ::testing::Test {
 protected:
  [[nodiscard]] HistoryDb open() const {
    return HistoryDb::open(directory_ / "history.db", 1, test::kLargeDatabase, [] {}).value();
  }
  void begin() const {
    for (const char* name : {"history.db", "history.db-wal"}) {
      std::filesystem::remove(directory_ / name);
    }
    auto database = open();
    ASSERT_TRUE(database.save(test::batch({line(0, "old a"), line(1, "old b"), line(2, "new c"),
                                           line(3, "new d"), line(4, "new e")})));
  }
  static void index_all(HistoryDb& database) {
    while (database.index(2).value()) {
    }
  }
  // The oldest lines, until three lines and the gap that stands for the others are left.
  static void delete_old(HistoryDb& database) {
    while (test::stored(database).size() > 4) (void)database.delete_oldest(1).value();
  }
  static std::vector<std::uint64_t> found(HistoryDb& database, std::string_view text) {
    SearchRequest request;
    request.query = wire::parse_search(text, {}).value();
    request.is_time_over = [] { return false; };
    std::vector<std::uint64_t> numbers;
    const auto page = database.search(request).value();
    for (const auto& hit : page.hits) numbers.push_back(hit.line.sequence);
    return numbers;
  }
  // The rest of the work, and then all entries are those of the lines.
  void check() const {
    auto database = open();
    index_all(database);
    delete_old(database);
    EXPECT_EQ(database.unindexed().value(), 0U);
    EXPECT_THAT(found(database, "new"), ElementsAre(4, 3, 2));
    EXPECT_THAT(found(database, "old"), ElementsAre());
    ASSERT_EQ(database.delete_oldest(10).value().lines, 3U);
    while (database.clean_index(64, true).value()) {
    }
    ASSERT_TRUE(database.checkpoint());
    const std::string file = test::file_text(directory_ / "history.db");
    EXPECT_EQ(file.find("_w0"), std::string::npos) << "an entry without a line";
  }
  test::TempDir directory_;
};

TEST_F(SearchCrashTest, TheIndexHasTheLinesThatAreThereAfterAKillAtAnyStep) {
  const auto work = [this] {
    auto database = open();
    index_all(database);
    delete_old(database);
  };
  const int rounds = test::at_each_death(
      {.begin = [this] { begin(); }, .work = work, .check = [this] { check(); }});
  EXPECT_GT(rounds, 14);
}

}  // namespace
}  // namespace chatd::archive
