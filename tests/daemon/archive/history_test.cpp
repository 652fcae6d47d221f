// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/history.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/store/schema.hpp"
#include "tests/daemon/archive/history_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::archive {
namespace {

using state::ArchiveState;
using std::chrono::seconds;
using test::stored;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using HistoryTest = test::HistoryFixture;

TEST_F(HistoryTest, StoresWhatIsSaidAndReportsIt) {
  History history = make();
  say("hello");
  EXPECT_FALSE(history.store());
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada hello"));
  EXPECT_EQ(state(), ArchiveState::ok);
  EXPECT_EQ(state_.archive().stored, 1U);
  EXPECT_GT(state_.archive().bytes, 0U);
  EXPECT_EQ(state_.archive().behind_since, 0);
  EXPECT_GT(beats_, 0);
}

TEST_F(HistoryTest, WithoutHistoryNothingWaitsAndNoFileIsMade) {
  History history{{.is_enabled = false, .directory = directory_.path()},
                  reader_,
                  state_.archive(),
                  {.clock = [this] { return clock_; }, .alive = [] {}}};
  say("hello");
  EXPECT_FALSE(history.store());
  EXPECT_FALSE(history.maintain());
  EXPECT_TRUE(history.is_up_to_date());
  history.finish(seconds{2});
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(state(), ArchiveState::off);
}

TEST_F(HistoryTest, ASuccessorStoresNothingTwice) {
  say("one");
  {
    History history = make();
    (void)history.store();
  }
  say("two");
  History history = make();
  (void)history.store();
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada one", "1 ada two"));
  EXPECT_EQ(state_.archive().stored, 2U);
}

TEST_F(HistoryTest, FinishStoresWhatIsLeft) {
  History history = make();
  say("one");
  history.finish(seconds{2});
  EXPECT_EQ(history.database(), nullptr);
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
  History successor = make();
  (void)successor.store();
  EXPECT_THAT(stored(*successor.database()), ElementsAre("0 ada one"));
}

TEST_F(HistoryTest, ADamagedFileIsSetAsideAndANewOneIsBegun) {
  test::write_file(path(), std::string(10'000, 'x'));
  History history = make();
  say("hello");
  EXPECT_FALSE(history.store());
  EXPECT_EQ(state(), ArchiveState::broken);
  EXPECT_EQ(test::file_text(path() + ".broken"), std::string(10'000, 'x'));
  EXPECT_EQ(state_.archive().set_aside, 1U);
  EXPECT_NE(state_.archive().behind_since, 0);
  pass(seconds{1});
  (void)history.store();
  EXPECT_EQ(state(), ArchiveState::ok);
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada hello"));
}

TEST_F(HistoryTest, ALaterSchemaIsNotOpenedAndNotChanged) {
  {
    auto database = store::Database::open(path(), test::kLargeDatabase).value();
    ASSERT_TRUE(database.run("PRAGMA user_version=99"));
  }
  History history = make();
  EXPECT_FALSE(history.store());
  EXPECT_EQ(state(), ArchiveState::newer);
  EXPECT_EQ(history.database(), nullptr);
  EXPECT_THAT(error_of(state_.archive()), HasSubstr("the schema has version 99"));
  EXPECT_FALSE(std::filesystem::exists(path() + ".broken"));
}

TEST_F(HistoryTest, WhileAnotherProcessHasTheDatabaseItIsTriedAgain) {
  say("hello");
  {
    auto other = store::Database::open(path(), test::kLargeDatabase).value();
    ASSERT_TRUE(other.run("CREATE TABLE t(x)"));
    History history = make();
    EXPECT_FALSE(history.store());
    EXPECT_EQ(state(), ArchiveState::locked);
  }
  History history = make();
  (void)history.store();
  EXPECT_EQ(state(), ArchiveState::ok);
}

TEST_F(HistoryTest, TheTimeBetweenAttemptsGrowsToAMinute) {
  std::filesystem::create_directory(path());
  History history = make();
  std::vector<long> pauses;
  long waited = 0;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t before = state_.archive().error_serial;
    (void)history.store();
    if (state_.archive().error_serial != before) {
      pauses.push_back(waited);
      waited = 0;
    }
    pass(seconds{1});
    ++waited;
  }
  EXPECT_THAT(pauses, ElementsAre(0, 1, 2, 4, 8, 16, 32, 60, 60));
  EXPECT_EQ(state(), ArchiveState::broken);
  std::filesystem::remove(path());
  pass(seconds{60});
  say("later");
  (void)history.store();
  EXPECT_EQ(state(), ArchiveState::ok);
}

TEST_F(HistoryTest, AtTheLargestSizeTheOldestMessagesMakePlaceForNewOnes) {
  History history = make(std::uint64_t{1} << 20U);
  const std::string text(900, 'x');
  for (int i = 0; i < 3000; ++i) {
    say(text + std::to_string(i));
    if (i % 10 != 9) continue;
    while (history.store()) {
    }
    ASSERT_EQ(state(), ArchiveState::ok) << i;
  }
  const auto lines = stored(*history.database());
  ASSERT_GT(lines.size(), 300U);
  EXPECT_THAT(lines.back(), HasSubstr("x2999"));
  EXPECT_EQ(state_.archive().gaps, 0U);
  EXPECT_LE(history.database()->size().value().bytes, std::uint64_t{1} << 20U);
  // One gap stands for all deleted lines.
  EXPECT_EQ(lines.front(), "0 gap " + std::to_string(3000 - lines.size()));
}

TEST_F(HistoryTest, MaintainingKeepsTheDatabaseBelowItsLimit) {
  History history = make(std::uint64_t{1} << 20U);
  const std::string text(900, 'x');
  for (int i = 0; i < 1500; ++i) {
    say(text);
    if (i % 10 != 9) continue;
    (void)history.store();
    maintain_all(history);
    ASSERT_EQ(state(), ArchiveState::ok) << i;
  }
  EXPECT_LT(state_.archive().stored, 1200U);
}

TEST_F(HistoryTest, LinesAreIndexedWhenTheyHaveWaitedOrAreMany) {
  History history = make();
  say("hello");
  (void)history.store();
  EXPECT_EQ(state_.archive().unindexed, 1U);
  EXPECT_FALSE(history.index());
  pass(seconds{4});
  EXPECT_FALSE(history.index());
  EXPECT_EQ(state_.archive().unindexed, 1U);
  pass(seconds{1});
  EXPECT_FALSE(history.index());
  EXPECT_EQ(state_.archive().unindexed, 0U);
  EXPECT_EQ(history.database()->unindexed().value(), 0U);
  for (int i = 0; i < 3000; ++i) {
    say("x");
    if (i % 50 == 49) (void)history.store();
  }
  EXPECT_TRUE(history.index());
  EXPECT_EQ(state_.archive().unindexed, 3000U - 1024U);
}

TEST_F(HistoryTest, ADamagedIndexIsBuiltAnewAndNoLineIsLost) {
  {
    History history = make();
    say("ALPHA");
    (void)history.store();
    ASSERT_FALSE(history.database()->index(10).value());
    ASSERT_TRUE(history.database()->checkpoint());
  }
  std::string file = test::file_text(path());
  const std::size_t at = file.find("0__alp");
  ASSERT_NE(at, std::string::npos);
  file.replace(at - 5, 4, "\xff\xff\xff\xff");
  test::write_file(path(), file);
  History history = make();
  (void)history.store();
  EXPECT_EQ(state_.archive().unindexed, 0U);
  SearchRequest request;
  request.query = wire::parse_search("alpha", {}).value();
  request.is_time_over = [] { return false; };
  EXPECT_EQ(history.database()->search(request).value().hits.size(), 1U);
  const test::LogLines log;
  EXPECT_TRUE(history.index());
  EXPECT_THAT(log.messages().back(), HasSubstr("the index for searching is built anew"));
  EXPECT_EQ(state_.archive().unindexed, 1U);
  pass(seconds{5});
  (void)history.index();
  pass(seconds{5});
  (void)history.index();
  EXPECT_EQ(state_.archive().unindexed, 0U);
  EXPECT_EQ(history.database()->search(request).value().hits.size(), 1U);
  EXPECT_EQ(state(), ArchiveState::ok);
  EXPECT_EQ(state_.archive().set_aside, 0U);
  EXPECT_THAT(stored(*history.database()), ElementsAre("0 ada ALPHA"));
}

TEST_F(HistoryTest, AtTheLargestSizeLinesAreDeletedWithTheirIndex) {
  History history = make(std::uint64_t{1} << 20U);
  for (int i = 0; i < 6000; ++i) {
    std::string text;
    for (int word = 0; word < 20; ++word) text += std::to_string(i * 7919 + word * 104'729) + ' ';
    say(text);
    if (i % 10 != 9) continue;
    while (history.store()) {
    }
    while (history.index()) {
    }
    pass(seconds{1});
    ASSERT_EQ(state(), ArchiveState::ok) << i;
  }
  EXPECT_EQ(state_.archive().gaps, 0U);
  EXPECT_GT(stored(*history.database()).size(), 300U);
  EXPECT_LE(history.database()->size().value().bytes, std::uint64_t{1} << 20U);
}

TEST_F(HistoryTest, ASlowDiskIsReported) {
  History history = make();
  (void)history.store();
  say("hello");
  // The clock stands for a disk that takes six seconds.
  int calls = 0;
  History slow{{.directory = directory_ / "slow",
                .epoch = follower_.header().epoch,
                .max_bytes = test::kLargeDatabase,
                .max_age = {}},
               reader_,
               state_.archive(),
               {.clock =
                    [&] {
                      ++calls;
                      pass(seconds{6});
                      return clock_;
                    },
                .alive = [] {}}};
  std::filesystem::create_directory(directory_ / "slow");
  (void)slow.store();
  EXPECT_EQ(state(), ArchiveState::slow);
  say("again");
  EXPECT_GT(calls, 0);
}

TEST_F(HistoryTest, AGapIsLoggedAndCounted) {
  const test::LogLines log;
  History history = make();
  say("one");
  (void)history.store();
  const std::string text(900, 'x');
  for (int i = 0; i < 40; ++i) say(text);
  (void)history.store();
  EXPECT_EQ(state_.archive().gaps, 1U);
  EXPECT_THAT(log.messages().back(),
              HasSubstr("messages of chat are not stored, from number 1 to "));
}

TEST_F(HistoryTest, ThePlaceOfARoomMovesAfterTheCommit) {
  History history = make();
  EXPECT_FALSE(history.is_up_to_date());
  say("hello");
  (void)history.store();
  EXPECT_EQ(state_.stored_place(std::nullopt).offset, std::uint64_t{state_.room_log().tail()});
  EXPECT_TRUE(history.take_moved());
  EXPECT_FALSE(history.take_moved());
  EXPECT_TRUE(history.is_up_to_date());
  say("again");
  EXPECT_FALSE(history.is_up_to_date());
}

}  // namespace
}  // namespace chatd::archive
