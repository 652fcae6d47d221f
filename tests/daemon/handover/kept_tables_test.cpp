// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/kept_tables.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/handover/registry_read.hpp"
#include "tests/daemon/handover/kept_rows_fixture.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using state::KeptTable;
using state::NameKeyRow;
using state::NameKeyState;
using state::OwnedNameRow;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class KeptTablesTest : public KeptRowsFixture {
 protected:
  KeptTablesTest() {
    names_.adopt();
    keys_rows_.adopt();
  }
  void add_name(std::string_view name, std::uint64_t person) {
    (void)names_.add([&](OwnedNameRow& row) {
      row.person = state::PersonId{person};
      row.since_wall = 5;
      row.seen_wall = 6;
      assign(row.name, name);
    });
  }
  void add_key(std::uint64_t person, std::byte value, NameKeyState state, std::string_view label) {
    (void)keys_rows_.add([&](NameKeyRow& row) {
      row.person = state::PersonId{person};
      row.since_wall = 8;
      row.hash.fill(value);
      row.order = 3;
      row.state = state;
      assign(row.label, label);
    });
  }
  static std::vector<std::string> names_of(const state::StateView& state) {
    std::vector<std::string> all;
    KeptTable<OwnedNameRow>{state}.for_each([&](std::uint32_t /*at*/, const OwnedNameRow& row) {
      all.push_back(std::string{view_of(row.name)} + " " +
                    std::to_string(static_cast<std::uint64_t>(row.person)) + " " +
                    std::to_string(row.since_wall) + " " + std::to_string(row.seen_wall) + " " +
                    std::to_string(row.rests_until_wall));
    });
    return all;
  }

  KeptTable<OwnedNameRow> names_{state_};
  KeptTable<NameKeyRow> keys_rows_{state_};
};

// The names are those that other versions read and write, in snapshots and in registry.json.
TEST_F(KeptTablesTest, EachFieldHasItsName) {
  add_name("ada", 7);
  add_key(7, std::byte{0xAB}, NameKeyState::dropped, "laptop");
  const json snapshot = written();
  EXPECT_THAT(field_names(snapshot.at("names")[0]), ElementsAre("name", "person", "seen", "since"));
  EXPECT_THAT(field_names(snapshot.at("name_keys")[0]),
              ElementsAre("key", "label", "order", "person", "since", "state"));
}

TEST_F(KeptTablesTest, ASnapshotBringsEveryRowBack) {
  add_name("ada", 7);
  add_name("李雷", 8);
  names_.change(1, [](OwnedNameRow& row) { row.rests_until_wall = 99; });
  add_key(7, std::byte{0xAB}, NameKeyState::valid, "");
  names_.remove(0);
  add_name("cyd", 9);
  const test::StandaloneRegion next;
  const RestoredRows restored = restore(written(), next);
  EXPECT_EQ(restored.restored, 3U);
  EXPECT_EQ(restored.left_out, 0U);
  EXPECT_THAT(names_of(next.state_), ElementsAre("cyd 9 5 6 0", "李雷 8 5 6 99"));
  const NameKeyRow& key = next.state_.kept_rows<NameKeyRow>()[0];
  EXPECT_EQ(key.hash[31], std::byte{0xAB});
  EXPECT_EQ(key.order, 3U);
}

TEST_F(KeptTablesTest, ASnapshotOfAnOlderServiceHasNoRows) {
  add_name("ada", 7);
  json snapshot = written();
  snapshot.erase("names");
  const test::StandaloneRegion next;
  EXPECT_EQ(restore(snapshot, next).restored, 0U);
  EXPECT_THAT(names_of(next.state_), IsEmpty());
}

TEST_F(KeptTablesTest, ARowOfTheRegistryIsTheOneOfASnapshot) {
  add_name("ada", 7);
  add_key(7, std::byte{0xAB}, NameKeyState::valid, "laptop");
  EXPECT_EQ(json::parse(text_of(names_.row(0))), written().at("names")[0]);
  const json key = json::parse(text_of(keys_rows_.row(0)));
  std::string digits;
  for (int i = 0; i < 32; ++i) digits += "ab";
  EXPECT_EQ(key.at("key"), digits);
}

TEST_F(KeptTablesTest, TheRegistryBringsRowsBackAndLeavesOutWhatIsDamaged) {
  RegistryRows rows;
  rows.add("names", R"({"name":"ada","person":7,"since":5,"seen":6})");
  rows.add("names", R"({"name":"without a person","since":5})");
  rows.add("names", R"({"name":"","person":7,"since":5})");
  rows.add("names", R"({"name":"bob","person":8,"since":-5})");
  rows.add("names", "{");
  rows.add("names", R"({"name":"cyd","person":9,"since":5,"later":true})");
  rows.add("names", R"({"name":"dee","person":10,"since":5})");
  rows.add("names", R"({"name":"without a row","person":11,"since":5})");
  rows.add("name_keys", R"({"person":7,"since":5,"order":0,"key":"ab"})");
  const auto restored = restore_registry(rows.document(), state_, kTime);
  EXPECT_EQ(rows.damaged(), 1U);
  EXPECT_EQ(restored.rows.restored, 3U);
  EXPECT_EQ(restored.rows.left_out, 5U);
  EXPECT_THAT(names_of(state_), ElementsAre("ada 7 5 6 0", "cyd 9 5 0 0", "dee 10 5 0 0"));
}

}  // namespace
}  // namespace chatd::handover
