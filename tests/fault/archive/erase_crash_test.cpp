// SPDX-License-Identifier: GPL-3.0-or-later
// An archive is killed after each step of erasing lines. Its successor finishes what was begun, and
// no other line is deleted.
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "common/wire/native/record_text.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using test::line;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EraseCrashTest : public ::testing::Test {
 protected:
  [[nodiscard]] HistoryDb open() const {
    return HistoryDb::open(directory_ / "history.db", 1, test::kLargeDatabase, [] {}).value();
  }
  void begin() const {
    for (const char* name : {"history.db", "history.db-wal", "history.db.erased"}) {
      std::filesystem::remove(directory_ / name);
    }
    auto database = open();
    ASSERT_TRUE(database.save(test::batch({line(0, "a"), line(1, "b", "bob"), line(2, "c")})));
    ASSERT_TRUE(database.save(test::batch({line(0, "d")}, state::RoomId{5}, "lab")));
    while (database.index(2).value()) {
    }
  }
  // The lines of ada, which are in two rooms.
  static void erase(HistoryDb& database) {
    const auto author = database.erasing().authors_named("ada").value().at(0);
    auto lines = database.erasing().scan(0, 100).value();
    std::erase_if(lines, [&](const EraseDb::Found& one) { return one.author != author; });
    const auto now = test::wall_at(std::chrono::seconds{100});
    if (lines.empty()) return;
    ASSERT_TRUE(database.erasing().erase(database, lines, now, "uid 0"));
  }
  // The record of a member that takes back line 1.
  static Batch take_back() {
    std::array<std::byte, 16> body{};
    wire::ByteWriter out{body};
    wire::encode(out, wire::ErasedLines{.first = 1, .last = 1, .author = {}});
    Line record = line(3, {reinterpret_cast<const char*>(body.data()), body.size()}, "bob");
    record.kind = kErased;
    return test::batch({record});
  }

  test::TempDir directory_;
};

TEST_F(EraseCrashTest, LinesThatAreErasedAreGoneOrThoseOfARoomAreAfterARestart) {
  const auto work = [this] {
    auto database = open();
    erase(database);
  };
  const auto check = [this] {
    auto database = open();
    (void)database.erasing().repeat(database).value();
    // No list: not begun. Otherwise the rooms that are in the list are without the lines.
    EXPECT_THAT(test::stored(database),
                AnyOf(ElementsAre("0 ada a", "1 bob b", "2 ada c"), ElementsAre("1 bob b")));
    EXPECT_THAT(test::stored(database, "lab"), AnyOf(IsEmpty(), ElementsAre("0 ada d")));
    erase(database);
    EXPECT_THAT(test::stored(database), ElementsAre("1 bob b"));
    EXPECT_THAT(test::stored(database, "lab"), IsEmpty());
    EXPECT_EQ(database.erasing().repeat(database).value(), 0U);
  };
  EXPECT_GT(test::at_each_death({.begin = [this] { begin(); }, .work = work, .check = check}), 3);
}

TEST_F(EraseCrashTest, ALineThatIsTakenBackIsGoneWhenTheRecordIsStored) {
  const auto work = [this] {
    auto database = open();
    ASSERT_TRUE(database.save(take_back()));
  };
  const auto check = [this] {
    auto database = open();
    (void)database.erasing().repeat(database).value();
    // If the place behind the record is stored, it is not read again.
    if (database.rooms().value().at(0).place.sequence == 4) {
      EXPECT_THAT(test::stored(database), ElementsAre("0 ada a", "2 ada c"));
    }
    ASSERT_TRUE(database.save(take_back()));
    EXPECT_THAT(test::stored(database), ElementsAre("0 ada a", "2 ada c"));
    EXPECT_THAT(test::stored(database, "lab"), SizeIs(1));
  };
  EXPECT_GT(test::at_each_death({.begin = [this] { begin(); }, .work = work, .check = check}), 3);
}

}  // namespace
}  // namespace chatd::archive
