// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/set_aside.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

TEST(SetAside, RenamesTheFileAndItsJournal) {
  const test::TempDir directory;
  test::write_file(directory / "a.db", "one");
  test::write_file(directory / "a.db-wal", "journal");
  EXPECT_EQ(set_aside(directory / "a.db").value(), directory / "a.db.broken");
  EXPECT_EQ(test::file_text(directory / "a.db.broken"), "one");
  EXPECT_EQ(test::file_text(directory / "a.db.broken-wal"), "journal");
  EXPECT_FALSE(std::filesystem::exists(directory / "a.db"));
  EXPECT_FALSE(std::filesystem::exists(directory / "a.db-wal"));
}

TEST(SetAside, ReplacesAnEarlierOneAndItsJournal) {
  const test::TempDir directory;
  test::write_file(directory / "a.db.broken", "old");
  test::write_file(directory / "a.db.broken-wal", "old journal");
  test::write_file(directory / "a.db", "new");
  ASSERT_TRUE(set_aside(directory / "a.db"));
  EXPECT_EQ(test::file_text(directory / "a.db.broken"), "new");
  EXPECT_FALSE(std::filesystem::exists(directory / "a.db.broken-wal"));
}

TEST(SetAside, AllThatWasSetAsideIsDeletedAndNothingElse) {
  const test::TempDir directory;
  for (const char* name : {"a.db", "a.db-wal", "a.db.broken", "a.db.broken-wal", "b.db.broken"}) {
    test::write_file(directory / name, "text");
  }
  ASSERT_TRUE(remove_set_aside(directory / "a.db"));
  EXPECT_FALSE(std::filesystem::exists(directory / "a.db.broken"));
  EXPECT_FALSE(std::filesystem::exists(directory / "a.db.broken-wal"));
  for (const char* name : {"a.db", "a.db-wal", "b.db.broken"}) {
    EXPECT_TRUE(std::filesystem::exists(directory / name)) << name;
  }
  EXPECT_TRUE(remove_set_aside(directory / "a.db"));
  EXPECT_FALSE(remove_set_aside("/no such folder/a.db"));
}

TEST(SetAside, ADirectoryThatCannotBeChangedIsAnError) {
  EXPECT_FALSE(set_aside("/proc/self/status"));
}

}  // namespace
}  // namespace chatd::store
