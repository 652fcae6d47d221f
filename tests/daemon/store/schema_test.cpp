// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/schema.hpp"

#include <array>
#include <span>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

constexpr std::array kSteps{"CREATE TABLE a(x)", "CREATE TABLE b(x); INSERT INTO b VALUES(1)"};

class SchemaTest : public ::testing::Test {
 protected:
  SchemaTest() : database_{Database::open(directory_ / "a.db", 1U << 20U).value()} {}
  [[nodiscard]] Result<> migrate_to(std::size_t steps) {
    return migrate(database_, std::span{kSteps}.first(steps));
  }
  [[nodiscard]] std::int64_t number(const char* sql) { return database_.number(sql).value(); }

  test::TempDir directory_;
  Database database_;
};

TEST_F(SchemaTest, EachStepIsCarriedOutOnce) {
  ASSERT_TRUE(migrate_to(1));
  EXPECT_EQ(number("PRAGMA user_version"), 1);
  ASSERT_TRUE(migrate_to(2));
  ASSERT_TRUE(migrate_to(2));
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM b"), 1);
}

TEST_F(SchemaTest, ALaterVersionIsRefusedAndNotChanged) {
  ASSERT_TRUE(migrate_to(2));
  const auto older = migrate_to(1);
  ASSERT_FALSE(older);
  EXPECT_EQ(fault_of(older.error()), Fault::newer);
  EXPECT_EQ(older.error().message(), "the schema has version 2, and this program knows 1");
  EXPECT_EQ(number("PRAGMA user_version"), 2);
}

TEST_F(SchemaTest, AStepThatFailsLeavesTheVersionBefore) {
  ASSERT_TRUE(migrate_to(1));
  const std::array wrong{kSteps[0], "CREATE TABLE c(x); CREATE TABLE a(x)"};
  EXPECT_FALSE(migrate(database_, wrong));
  EXPECT_EQ(number("PRAGMA user_version"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
}

}  // namespace
}  // namespace chatd::store
