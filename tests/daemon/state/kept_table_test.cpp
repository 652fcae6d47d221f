// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/kept_table.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Names = KeptTable<OwnedNameRow>;

class KeptTableTest : public test::StateFixture {
 protected:
  static auto named(std::string_view name) {
    return [name](OwnedNameRow& row) {
      row.person = PersonId{7};
      assign(row.name, name);
    };
  }
  static std::vector<std::string> all(const Names& table) {
    std::vector<std::string> names;
    table.for_each([&](std::uint32_t at, const OwnedNameRow& row) {
      names.push_back(std::to_string(at) + std::string{view_of(row.name)});
    });
    return names;
  }
  std::uint64_t version() const { return state_.registry_head().version; }
  Names adopted() const {
    Names table{state_};
    table.adopt();
    return table;
  }
  Names table_ = adopted();
};

TEST_F(KeptTableTest, ANewTableIsEmpty) {
  EXPECT_EQ(table_.capacity(), 3U);
  EXPECT_EQ(table_.used() + table_.size(), 0U);
  EXPECT_THAT(all(table_), IsEmpty());
  EXPECT_FALSE(table_.is_made(0));
  EXPECT_FALSE(table_.is_made(99));
}

TEST_F(KeptTableTest, RowsAreAddedUntilTheTableIsFull) {
  EXPECT_EQ(table_.add(named("a")), 0U);
  EXPECT_EQ(table_.add(named("b")), 1U);
  EXPECT_EQ(table_.add(named("c")), 2U);
  EXPECT_TRUE(table_.is_full());
  EXPECT_EQ(table_.add(named("d")), std::nullopt);
  EXPECT_THAT(all(table_), ElementsAre("0a", "1b", "2c"));
}

TEST_F(KeptTableTest, ARemovedRowIsUsedAgainWithoutItsFormerValues) {
  (void)table_.add(named("a"));
  (void)table_.add(named("b"));
  table_.change(0, [](OwnedNameRow& row) { row.rests_until_wall = 9; });
  table_.remove(0);
  table_.remove(0);
  EXPECT_EQ(table_.size(), 1U);
  EXPECT_THAT(all(table_), ElementsAre("1b"));
  EXPECT_EQ(table_.add(named("c")), 0U);
  EXPECT_EQ(table_.row(0).rests_until_wall, 0);
  EXPECT_EQ(table_.size(), 2U);
}

TEST_F(KeptTableTest, EachChangeHasAVersionThatTheHeadOfTheTableKnows) {
  const KeptHead& head = state_.kept_head<OwnedNameRow>();
  (void)table_.add(named("a"));
  EXPECT_EQ(table_.row(0).version, version());
  EXPECT_EQ(head.changed, version());
  table_.change(0, [](OwnedNameRow& row) { row.seen_wall = 5; });
  EXPECT_EQ(version(), 4U);
  EXPECT_EQ(head.changed, version());
  table_.remove(0);
  EXPECT_EQ(table_.row(0).version, 6U);
  EXPECT_EQ(head.changed, version());
  EXPECT_EQ(state_.kept_head<NameKeyRow>().changed, 0U) << "of another table";
}

TEST_F(KeptTableTest, ASuccessorFindsTheRowsAndTheFreeOnes) {
  for (const char* const name : {"a", "b", "c"}) (void)table_.add(named(name));
  table_.remove(1);
  Names next = adopted();
  EXPECT_THAT(all(next), ElementsAre("0a", "2c"));
  EXPECT_EQ(next.size(), 2U);
  EXPECT_EQ(next.add(named("d")), 1U);
}

TEST_F(KeptTableTest, ASuccessorRemovesDamagedRows) {
  (void)table_.add(named("a"));
  (void)table_.add(named("b"));
  state_.kept_rows<OwnedNameRow>()[0].person = PersonId{};
  Names next = adopted();
  EXPECT_THAT(all(next), ElementsAre("1b"));
  EXPECT_EQ(next.add(named("c")), 0U);
}

TEST_F(KeptTableTest, TheTablesShareNoMemory) {
  KeptTable<NameKeyRow> keys{state_};
  keys.adopt();
  EXPECT_EQ(keys.capacity(), 27U);
  while (keys.add([](NameKeyRow& row) { row.person = PersonId{~0ULL}; })) {
  }
  EXPECT_THAT(all(adopted()), IsEmpty());
}

}  // namespace
}  // namespace chatd::state
