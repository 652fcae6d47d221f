// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erase_db.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <gmock/gmock.h>

#include "common/wire/native/record_text.hpp"
#include "tests/daemon/archive/history_db_fixture.hpp"
#include "tests/daemon/archive/small_disk.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::archive {
namespace {

using test::line;
using test::stored;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const WallTime kNow = test::wall_at(std::chrono::seconds{100});

class EraseDbTest : public test::HistoryDbFixture {
 protected:
  EraseDbTest() {
    save(database_, test::batch({line(0, "one"), line(1, "two", "Bob"), line(2, "three")}));
    save(database_, test::batch({line(0, "in the lab")}, state::RoomId{5}, "Lab"));
  }
  EraseDb& erasing() { return database_.erasing(); }
  std::vector<EraseDb::Found> all() { return erasing().scan(0, 100).value(); }
  std::vector<EraseDb::Found> of_author(std::string_view name) {
    const auto authors = erasing().authors_named(name).value();
    auto lines = all();
    std::erase_if(lines, [&](const EraseDb::Found& one) {
      return std::ranges::find(authors, one.author) == authors.end();
    });
    return lines;
  }
  // A record `erased` of a member, with this number.
  static Line taken_back(std::uint64_t sequence, std::uint64_t number, std::string name,
                         WallTime at) {
    std::array<std::byte, 16> body{};
    wire::ByteWriter out{body};
    wire::encode(out, wire::ErasedLines{.first = number, .last = number, .author = {}});
    Line record = line(sequence, {reinterpret_cast<const char*>(body.data()), body.size()},
                       std::move(name), at.time_since_epoch().count());
    record.kind = kErased;
    return record;
  }
  static int count_in(const std::string& file, std::string_view text) {
    int count = 0;
    for (auto at = file.find(text); at != std::string::npos; at = file.find(text, at + 1)) ++count;
    return count;
  }
  [[nodiscard]] std::string list() const { return test::file_text(path() + ".erased"); }
  [[nodiscard]] std::string path() const { return directory_ / "history.db"; }
  // A process that ends, and the file that it leaves.
  std::string close() {
    EXPECT_TRUE(database_.checkpoint());
    { const HistoryDb gone = std::move(database_); }
    return test::file_text(path());
  }
  void restore(const std::string& copy) {
    test::write_file(path(), copy);
    database_ = open();
  }

  HistoryDb database_{open()};
};

TEST_F(EraseDbTest, LinesAreFoundInTheOrderOfStoringAndInPieces) {
  const auto lines = all();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].sequence, 0U);
  EXPECT_EQ(lines[3].sequence, 0U) << "of the lab";
  EXPECT_NE(lines[3].room, lines[0].room);
  EXPECT_EQ(erasing().scan(lines[0].id, 2).value().size(), 2U);
  EXPECT_THAT(erasing().scan(lines[3].id, 2).value(), IsEmpty());
}

TEST_F(EraseDbTest, LinesAreFoundByTheirNumbersUpToATime) {
  const std::int64_t room = all()[0].room;
  const auto find = [&](std::uint64_t first, std::uint64_t last, WallTime at) {
    return erasing().find(room, {.first = first, .last = last}, at, 10).value().size();
  };
  EXPECT_EQ(find(1, 2, kNow), 2U);
  EXPECT_EQ(find(0, ~std::uint64_t{0}, kNow), 3U) << "a number above all of SQLite's";
  EXPECT_EQ(find(0, 9, WallTime{Micros{999'999}}), 0U) << "they were said later";
}

TEST_F(EraseDbTest, NamesAreComparedInAnyCase) {
  EXPECT_EQ(erasing().rooms_named("#LAB").value().size(), 1U);
  EXPECT_EQ(erasing().rooms_named("chat").value().size(), 1U);
  EXPECT_THAT(erasing().rooms_named("").value(), IsEmpty());
  EXPECT_EQ(erasing().authors_named("bOB").value().size(), 1U);
  EXPECT_THAT(erasing().authors_named("eve").value(), IsEmpty());
}

TEST_F(EraseDbTest, AnErasureIsInTheListAndCleanOnlyWhenThatIsNoted) {
  ASSERT_TRUE(erasing().erase(database_, of_author("ada"), kNow, "uid 7"));
  EXPECT_THAT(stored(database_), ElementsAre("1 Bob two"));
  EXPECT_THAT(stored(database_, "lab"), IsEmpty());
  EXPECT_THAT(list(), HasSubstr(R"("lines":"0,2")"));
  EXPECT_THAT(list(), HasSubstr(R"("by":"uid 7")"));
  EXPECT_EQ(list().find("three"), std::string::npos) << "numbers only";
  EXPECT_EQ(erasing().applied(), 2U) << "one for each room";
  EXPECT_FALSE(erasing().is_clean());
  close();
  database_ = open();
  EXPECT_FALSE(erasing().is_clean()) << "another process sees to it";
  EXPECT_TRUE(erasing().note_clean());
  close();
  database_ = open();
  EXPECT_TRUE(erasing().is_clean());
}

TEST_F(EraseDbTest, TheTokensOfErasedLinesLeaveTheIndexToo) {
  // At the beginning of a page of the index a token stands as a whole.
  save(database_, test::batch({line(3, "~~~ zyxwvplugh"), line(4, "last")}));
  while (database_.index(100).value()) {
  }
  ASSERT_TRUE(database_.checkpoint());
  ASSERT_EQ(count_in(test::file_text(path()), "zyxwvplugh"), 2) << "in the line and in the index";
  auto lines = all();
  std::erase_if(lines, [](const EraseDb::Found& one) { return one.sequence != 3; });
  ASSERT_EQ(lines.size(), 1U);
  ASSERT_TRUE(erasing().erase(database_, lines, kNow, "uid 0"));
  bool is_first = true;
  while (database_.clean_index(64, std::exchange(is_first, false)).value()) {
  }
  const std::string file = close();
  EXPECT_EQ(file.find("zyxwvplugh"), std::string::npos);
  EXPECT_EQ(file.find("xwvplu"), std::string::npos) << "nor a part of the token";
}

TEST_F(EraseDbTest, AnOlderCopyLosesTheLinesAgainAsOftenAsItIsRestored) {
  const std::string copy = close();
  database_ = open();
  ASSERT_TRUE(erasing().erase(database_, of_author("bob"), kNow, "uid 0"));
  ASSERT_TRUE(erasing().note_clean());
  close();
  restore(copy);
  EXPECT_THAT(stored(database_), ElementsAre("0 ada one", "1 Bob two", "2 ada three"));
  EXPECT_EQ(erasing().repeat(database_).value(), 1U);
  EXPECT_THAT(stored(database_), ElementsAre("0 ada one", "2 ada three"));
  EXPECT_FALSE(erasing().is_clean()) << "the file of the copy still has the text";
  EXPECT_EQ(erasing().repeat(database_).value(), 0U) << "done";
  ASSERT_TRUE(erasing().erase(database_, of_author("ada"), kNow, "uid 0"));
  close();
  restore(copy);
  EXPECT_EQ(erasing().repeat(database_).value(), 4U);
  EXPECT_THAT(all(), IsEmpty());
}

TEST_F(EraseDbTest, ALineOfLaterThatHasTheNumberStays) {
  const std::string copy = close();
  database_ = open();
  ASSERT_TRUE(erasing().erase(database_, of_author("ada"), kNow, "uid 0"));
  close();
  restore(copy);
  const std::int64_t later = (kNow + std::chrono::seconds{1}).time_since_epoch().count();
  save(database_, test::batch({line(3, "after", "ada", later)}));
  EXPECT_EQ(erasing().repeat(database_).value(), 3U);
  EXPECT_THAT(stored(database_), ElementsAre("1 Bob two", "3 ada after"));
}

// The clock was set back between the line and its erasure.
TEST_F(EraseDbTest, ALineWithALaterTimeThanItsErasureIsErasedAgain) {
  const std::int64_t later = (kNow + std::chrono::hours{1}).time_since_epoch().count();
  save(database_,
       test::batch({line(3, "of the future", "eve", later), line(4, "taken back", "eve", later)}));
  const std::string copy = close();
  database_ = open();
  ASSERT_TRUE(erasing().erase(database_, of_author("eve"), kNow, "uid 0"));
  close();
  restore(copy);
  EXPECT_EQ(erasing().repeat(database_).value(), 2U);
}

TEST_F(EraseDbTest, ALineWithALaterTimeThanItsTakingBackIsErasedAgain) {
  const std::int64_t later = (kNow + std::chrono::hours{1}).time_since_epoch().count();
  save(database_, test::batch({line(3, "of the future", "eve", later)}));
  const std::string copy = close();
  database_ = open();
  save(database_, test::batch({taken_back(4, 3, "eve", kNow)}));
  EXPECT_THAT(stored(database_), ElementsAre("0 ada one", "1 Bob two", "2 ada three"));
  close();
  restore(copy);
  EXPECT_EQ(erasing().repeat(database_).value(), 1U);
}

TEST_F(EraseDbTest, ALineThatIsTakenBackAgainIsListedOnce) {
  const auto rows = [this] { return count_in(list(), "\"lines\""); };
  const std::string copy = close();
  database_ = open();
  for (std::uint64_t i = 0; i < 5; ++i) {
    save(database_, test::batch({taken_back(3 + i, 1, "ada", kNow)}));
    EXPECT_EQ(rows(), 1) << i;
    EXPECT_EQ(erasing().applied(), i + 1);
  }
  save(database_, test::batch({taken_back(8, 2, "ada", kNow)}));
  EXPECT_EQ(rows(), 2);
  close();
  restore(copy);
  EXPECT_EQ(erasing().repeat(database_).value(), 2U) << "an older copy loses both lines";
  EXPECT_THAT(stored(database_), ElementsAre("0 ada one"));
}

// The transaction that has the record fails.
TEST_F(EraseDbTest, AnErasureThatIsReadAgainIsListedOnce) {
  const std::int64_t room = all()[0].room;
  for (int i = 0; i < 3; ++i) {
    const auto transaction = store::Transaction::begin(database_.file());
    ASSERT_TRUE(transaction);
    for (const std::uint64_t number : {0U, 1U}) {
      EXPECT_TRUE(erasing().erase_said(database_, room, 0, taken_back(3, number, "ada", kNow)));
    }
  }
  EXPECT_EQ(all().size(), 4U);
  EXPECT_EQ(count_in(list(), "\"lines\""), 2);
}

TEST_F(EraseDbTest, AnotherDatabaseIsNotChangedAndStaysClean) {
  ASSERT_TRUE(erasing().erase(database_, all(), kNow, "uid 0"));
  close();
  std::filesystem::remove(path());
  database_ = open();
  save(database_, test::batch({line(0, "of another one")}));
  EXPECT_EQ(erasing().repeat(database_).value(), 0U);
  EXPECT_THAT(stored(database_), ElementsAre("0 ada of another one"));
  EXPECT_TRUE(erasing().is_clean());
}

TEST_F(EraseDbTest, NothingIsDeletedThatCannotBeListed) {
  std::filesystem::create_directory(path() + ".erased");
  EXPECT_FALSE(erasing().erase(database_, all(), kNow, "uid 0"));
  EXPECT_EQ(all().size(), 4U);
  EXPECT_TRUE(erasing().is_clean());
}

TEST_F(EraseDbTest, OnAFullDiskNothingIsHalfErasedAndTheNextAttemptSucceeds) {
  const std::string folder = directory_ / "disk";
  std::filesystem::create_directory(folder);
  const bool was_run = test::on_small_disk(folder, [&] {
    auto database = HistoryDb::open(folder + "/history.db", 1, test::kLargeDatabase, [] {}).value();
    save(database, test::batch({line(0, "one"), line(1, "two", "Bob")}));
    const auto lines = database.erasing().scan(0, 1).value();
    test::fill_disk(folder + "/other");
    const auto done = database.erasing().erase(database, lines, kNow, "uid 0");
    EXPECT_FALSE(done);
    EXPECT_THAT(stored(database), ElementsAre("0 ada one", "1 Bob two"));
    std::filesystem::remove(folder + "/other");
    EXPECT_TRUE(database.erasing().erase(database, lines, kNow, "uid 0"));
    EXPECT_THAT(stored(database), ElementsAre("1 Bob two"));
    EXPECT_EQ(database.erasing().repeat(database).value(), 0U);
  });
  if (!was_run) GTEST_SKIP() << "no mount namespace is permitted";
}

}  // namespace
}  // namespace chatd::archive
