// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry_db.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>

#include "daemon/store/schema.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class RegistryDbTest : public ::testing::Test {
 protected:
  [[nodiscard]] RegistryDb open() const {
    return RegistryDb::open(path_, [] {}).value();
  }
  test::TempDir directory_;
  std::string path_{directory_ / "registry.db"};
  static constexpr KeptPlace kRule{.list = KeptList::rules, .row = 3};
  static constexpr KeptPlace kRoom{.list = KeptList::rooms, .row = 0};
};

TEST_F(RegistryDbTest, RowsAndMetaAreThereAfterReopening) {
  const RegistryDb::Meta meta{.epoch = ~std::uint64_t{0},
                              .memory = std::uint64_t{1} << 63U,
                              .saved = 8,
                              .last_rule = 9,
                              .last_room = 10};
  {
    auto database = open();
    EXPECT_EQ(database.contents()->meta, RegistryDb::Meta{});
    const std::vector<KeptRow> rows{{.place = kRule, .text = "{\"a\":1}"},
                                    {.place = kRoom, .text = "{}"}};
    ASSERT_TRUE(database.save(rows, meta));
  }
  auto database = open();
  const auto contents = database.contents().value();
  EXPECT_EQ(contents.meta, meta);
  EXPECT_THAT(contents.rows, ElementsAre(Pair(kRoom, "{}"), Pair(kRule, "{\"a\":1}")));
}

TEST_F(RegistryDbTest, ARowIsReplacedAndDeleted) {
  auto database = open();
  ASSERT_TRUE(database.save(std::vector<KeptRow>{{.place = kRule, .text = "1"}}, {}));
  ASSERT_TRUE(database.save(std::vector<KeptRow>{{.place = kRule, .text = "2"}}, {}));
  EXPECT_THAT(database.contents()->rows, ElementsAre(Pair(kRule, "2")));
  ASSERT_TRUE(database.save(std::vector<KeptRow>{{.place = kRule, .text = std::nullopt}}, {}));
  EXPECT_THAT(database.contents()->rows, ElementsAre());
}

TEST_F(RegistryDbTest, IsForItsOwnerOnly) {
  (void)open();
  EXPECT_EQ(std::filesystem::status(path_).permissions(), std::filesystem::perms{0600});
}

TEST_F(RegistryDbTest, ALaterSchemaIsRefused) {
  {
    auto database = store::Database::open(path_, 1U << 20U).value();
    ASSERT_TRUE(database.run("PRAGMA user_version=99"));
  }
  const auto database = RegistryDb::open(path_, [] {});
  ASSERT_FALSE(database);
  EXPECT_EQ(store::fault_of(database.error()), store::Fault::newer);
}

}  // namespace
}  // namespace chatd::archive
