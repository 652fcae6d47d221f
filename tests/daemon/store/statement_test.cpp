// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/statement.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "daemon/store/database.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::store {
namespace {

class StatementTest : public ::testing::Test {
 protected:
  StatementTest() : database_{Database::open(directory_ / "a.db", 1U << 20U).value()} {
    EXPECT_TRUE(database_.run("CREATE TABLE t(n INTEGER UNIQUE, s TEXT, b BLOB) STRICT"));
  }
  test::TempDir directory_;
  Database database_;
};

TEST_F(StatementTest, EveryKindOfValueComesBackAsItWas) {
  const std::array<std::byte, 3> bytes{std::byte{0}, std::byte{255}, std::byte{7}};
  const std::string text{"a\0b", 3};
  auto add = database_.prepare("INSERT INTO t VALUES(?1, ?2, ?3)").value();
  ASSERT_TRUE(add.bind(std::int64_t{-5}, std::string_view{text}, Blob{bytes}).run());
  ASSERT_TRUE(add.bind(std::int64_t{6}, std::string_view{}, Blob{}).run());
  auto all = database_.prepare("SELECT n, s, b FROM t ORDER BY n").value();
  all.bind();
  ASSERT_TRUE(all.step().value());
  EXPECT_EQ(all.number(0), -5);
  EXPECT_EQ(all.text(1), text);
  EXPECT_TRUE(std::ranges::equal(all.blob(2), bytes));
  ASSERT_TRUE(all.step().value());
  EXPECT_EQ(all.text(1), "");
  EXPECT_TRUE(all.blob(2).empty());
  EXPECT_FALSE(all.step().value());
}

TEST_F(StatementTest, AfterAnErrorItCanBeUsedAgain) {
  auto add = database_.prepare("INSERT INTO t VALUES(?1, '', x'')").value();
  ASSERT_TRUE(add.bind(std::int64_t{1}).run());
  EXPECT_FALSE(add.bind(std::int64_t{1}).run());
  EXPECT_TRUE(add.bind(std::int64_t{2}).run());
}

TEST_F(StatementTest, AStatementThatCannotBePreparedIsAnError) {
  EXPECT_FALSE(database_.prepare("SELECT * FROM nothing"));
}

}  // namespace
}  // namespace chatd::store
