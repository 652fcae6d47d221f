// SPDX-License-Identifier: GPL-3.0-or-later
// Direct messages that wait, and blocks, in snapshots and in the registry.
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/handover/kept_rows_fixture.hpp"

namespace chatd::handover {
namespace {

using state::BlockRow;
using state::KeptTable;
using state::WaitingRow;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class WaitingRowsTest : public KeptRowsFixture {
 protected:
  WaitingRowsTest() {
    waiting_.adopt();
    blocks_.adopt();
    (void)waiting_.add([](WaitingRow& row) {
      row.receiver = state::PersonId{7};
      row.author = state::PersonId{8};
      row.said_wall = 5;
      row.epoch = 6;
      row.sender_slot = 1;
      row.sender_generation = 3;
      row.command_end = 40;
      row.network = test::endpoint("10.0.0.1:5").address;
      row.is_proved = 1;
      assign(row.name, "ada");
      row.text_bytes = static_cast<std::uint16_t>(kText.copy(row.text.data(), row.text.size()));
    });
    (void)blocks_.add([](BlockRow& row) {
      row.person = state::PersonId{7};
      row.other = state::PersonId{8};
      row.since_wall = 5;
      assign(row.name, "eve");
    });
  }

  static constexpr std::string_view kText = "你好, psst";
  KeptTable<WaitingRow> waiting_{state_};
  KeptTable<BlockRow> blocks_{state_};
};

TEST_F(WaitingRowsTest, EachFieldHasItsName) {
  waiting_.change(0, [](WaitingRow& row) {
    row.placed_slot = 1;
    row.placed_generation = 1;
    row.placed_at = 48;
    row.placed_epoch = 6;
  });
  EXPECT_THAT(field_names(written().at("waiting")[0]),
              ElementsAre("address", "author", "command_end", "epoch", "is_local", "is_proved",
                          "name", "placed_at", "placed_epoch", "placed_generation", "placed_slot",
                          "receiver", "said", "scope", "sender_generation", "sender_slot", "text"));
  EXPECT_THAT(field_names(written().at("blocks")[0]),
              ElementsAre("address", "is_local", "name", "other", "person", "scope", "since"));
}

TEST_F(WaitingRowsTest, ASnapshotBringsAMessageAndItsPlacementBack) {
  waiting_.change(0, [](WaitingRow& row) {
    row.placed_at = 48;
    row.placed_epoch = 6;
  });
  const test::StandaloneRegion next;
  EXPECT_EQ(restore(written(), next).restored, 2U);
  const WaitingRow& row = next.state_.kept_rows<WaitingRow>()[0];
  EXPECT_EQ(message_of(row), kText);
  EXPECT_EQ(view_of(row.name), "ada");
  EXPECT_EQ(row.network, test::endpoint("10.0.0.1:5").address);
  EXPECT_EQ(row.placed_at, 48U);
  EXPECT_EQ(row.placed_epoch, 6U);
  EXPECT_EQ(row.command_end, 40U);
  EXPECT_EQ(row.is_proved, 1U);
  const BlockRow& block = next.state_.kept_rows<BlockRow>()[0];
  EXPECT_EQ(block.other, state::PersonId{8});
  EXPECT_EQ(view_of(block.name), "eve");
}

TEST_F(WaitingRowsTest, TheRegistryHasTheTextAndItsCopyHasNot) {
  EXPECT_THAT(handover::text_of(waiting_.row(0)), HasSubstr(kText));
  EXPECT_FALSE(state::KeptTables::kIsInCopy[state::KeptTables::number_of<WaitingRow>()])
      << "people and other programs read the copy";
  EXPECT_TRUE(state::KeptTables::kIsInCopy[state::KeptTables::number_of<BlockRow>()]);
}

}  // namespace
}  // namespace chatd::handover
