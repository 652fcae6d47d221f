// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/rule_table.hpp"

#include <functional>
#include <string>

#include "tests/support/rule_making.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

constexpr WallTime kNow{std::chrono::seconds{9}};
constexpr WallTime kLater{std::chrono::seconds{60}};

RuleTable::Making ban_of(std::uint64_t person) {
  auto making = test::rule_for(RuleKind::ban, PersonId{person});
  making.now = kNow;
  return making;
}

class RuleTableTest : public test::StateFixture {
 protected:
  RuleTable table_{state_};
};

TEST_F(RuleTableTest, IsEmptyAtFirstWithRowsForEachRoom) {
  EXPECT_EQ(table_.used(), 0U);
  EXPECT_EQ(table_.capacity(), kRestrictionRows + 16'384);
  EXPECT_EQ(rule_rows(1000), kRestrictionRows + 16'384 + 16'000);
}

TEST_F(RuleTableTest, MakeStoresEveryValue) {
  const std::string reason(kMaxRuleReasonBytes, 'r');
  const std::string note(kMaxRuleNoteBytes, 'n');
  const auto id = table_.make(RuleIndex{0}, {.kind = RuleKind::mute,
                                             .target = RuleTarget::network,
                                             .room = RoomId{7},
                                             .person = PersonId{8},
                                             .network = parse_network("2001:db8::/32").value(),
                                             .name = "ada",
                                             .by = "bob",
                                             .reason = reason,
                                             .note = note,
                                             .now = kNow,
                                             .until = kLater});
  EXPECT_EQ(id, RuleId{1});
  EXPECT_TRUE(table_.is_made(RuleIndex{0}));
  const RuleSlot& row = table_.row(RuleIndex{0});
  EXPECT_EQ(row.id, 1U);
  EXPECT_EQ(row.kind, RuleKind::mute);
  EXPECT_EQ(row.target, RuleTarget::network);
  EXPECT_EQ(row.room, RoomId{7});
  EXPECT_EQ(row.person, PersonId{8});
  EXPECT_EQ(to_text(Network{.base = row.network, .prefix = row.prefix}), "2001:db8::/32");
  EXPECT_EQ(row.made_wall, 9'000'000);
  EXPECT_EQ(row.until_wall, 60'000'000);
  EXPECT_EQ(view_of(row.name), "ada");
  EXPECT_EQ(view_of(row.by), "bob");
  EXPECT_EQ(view_of(row.reason), reason);
  EXPECT_EQ(view_of(row.note), note);
}

TEST_F(RuleTableTest, MakingOfARowHasItsKindItsTargetAndItsRoom) {
  const Network network = parse_network("192.0.2.0/24").value();
  table_.make(RuleIndex{0}, {.kind = RuleKind::mute,
                             .target = RuleTarget::network,
                             .room = RoomId{7},
                             .person = PersonId{8},
                             .network = network,
                             .name = "ada",
                             .by = "bob",
                             .until = kLater});
  const RuleTable::Making making = making_of(table_.row(RuleIndex{0}));
  EXPECT_EQ(making.kind, RuleKind::mute);
  EXPECT_EQ(making.target, RuleTarget::network);
  EXPECT_EQ(making.room, RoomId{7});
  EXPECT_EQ(making.person, PersonId{8});
  EXPECT_EQ(to_text(making.network), "192.0.2.0/24");
  EXPECT_EQ(making.name, "ada");
  EXPECT_EQ(making.by, "");
  EXPECT_EQ(making.until, WallTime{});
}

TEST_F(RuleTableTest, AnIdIsNeverUsedAgain) {
  EXPECT_EQ(table_.make(RuleIndex{0}, ban_of(1)), RuleId{1});
  table_.remove(RuleIndex{0});
  EXPECT_FALSE(table_.is_made(RuleIndex{0}));
  EXPECT_EQ(table_.make(RuleIndex{0}, ban_of(2)), RuleId{2});
  EXPECT_EQ((RuleTable{state_}.make(RuleIndex{1}, ban_of(3))), RuleId{3});
}

TEST_F(RuleTableTest, OnlyRowsThatWereMadeAreUsed) {
  table_.make(RuleIndex{0}, ban_of(1));
  table_.make(RuleIndex{1}, ban_of(2));
  EXPECT_EQ(table_.used(), 2U);
  table_.remove(RuleIndex{1});
  table_.make(RuleIndex{0}, ban_of(3));
  EXPECT_EQ(table_.used(), 2U);
  state_.rule_head().used = 0xFFFF'FFFF;  // damaged
  EXPECT_EQ(table_.used(), table_.capacity());
}

TEST_F(RuleTableTest, ARuleEndsAtItsTime) {
  auto making = ban_of(1);
  making.until = kLater;
  table_.make(RuleIndex{0}, making);
  const RuleSlot& row = table_.row(RuleIndex{0});
  EXPECT_FALSE(has_ended(row, kLater - Micros{1}));
  EXPECT_TRUE(has_ended(row, kLater));
  table_.set_until(RuleIndex{0}, {});
  EXPECT_FALSE(has_ended(row, kLater + std::chrono::years{100}));
  table_.set_until(RuleIndex{0}, kNow);
  EXPECT_TRUE(has_ended(row, kNow));
}

TEST_F(RuleTableTest, HitsAreCountedFromZeroForEachRule) {
  table_.make(RuleIndex{0}, ban_of(1));
  table_.hit(RuleIndex{0}, kNow);
  table_.hit(RuleIndex{0}, kLater);
  EXPECT_EQ(table_.row(RuleIndex{0}).hits, 2U);
  EXPECT_EQ(table_.row(RuleIndex{0}).hit_wall, 60'000'000);
  table_.remove(RuleIndex{0});
  table_.make(RuleIndex{0}, ban_of(1));
  EXPECT_EQ(table_.row(RuleIndex{0}).hits, 0U);
  EXPECT_EQ(table_.row(RuleIndex{0}).hit_wall, 0);
}

TEST_F(RuleTableTest, TheLastRowIsARow) {
  const RuleIndex last{table_.capacity() - 1};
  state_.rule_head().used = table_.capacity() - 1;
  table_.make(last, ban_of(1));
  EXPECT_EQ(table_.used(), table_.capacity());
  EXPECT_TRUE(table_.is_made(last));
  EXPECT_EQ(state_.room_log().tail(), 0U);  // the room behind it in the region
}

TEST_F(RuleTableTest, ImpossibleRowsAreRecognized) {
  RuleSlot& row = state_.rule_slots()[0];
  const auto is_still_possible = [&](const std::function<void()>& change) {
    table_.make(RuleIndex{0}, {.kind = RuleKind::ban,
                               .target = RuleTarget::network,
                               .person = PersonId{1},
                               .network = parse_network("10.0.0.0/8").value(),
                               .name = "ada",
                               .now = kNow});
    change();
    return is_possible(row);
  };
  EXPECT_TRUE(is_still_possible([] {}));
  EXPECT_FALSE(is_still_possible([&] { row.kind = RuleKind{0}; }));
  EXPECT_FALSE(is_still_possible([&] { row.kind = RuleKind{6}; }));
  EXPECT_FALSE(is_still_possible([&] { row.target = RuleTarget{0}; }));
  EXPECT_FALSE(is_still_possible([&] { row.target = RuleTarget{4}; }));
  EXPECT_FALSE(is_still_possible([&] { row.prefix = 129; }));
  EXPECT_TRUE(is_still_possible([&] { row.prefix = 128; }));
  EXPECT_TRUE(is_still_possible([&] { row.prefix = 0; }));
  EXPECT_FALSE(is_still_possible([&] { row.id = 0; }));
  EXPECT_FALSE(is_still_possible([&] { row.id = kMaxRuleId + 1; }));
  EXPECT_FALSE(is_still_possible([&] { row.until_wall = -1; }));
  EXPECT_FALSE(is_still_possible([&] { row.kind = RuleKind::owner; }));  // of a network
  EXPECT_TRUE(is_still_possible([&] { row.target = RuleTarget::person; }));
  EXPECT_FALSE(is_still_possible([&] {
    row.target = RuleTarget::person;
    row.person = {};
  }));
  EXPECT_TRUE(is_still_possible([&] { row.target = RuleTarget::name; }));
  EXPECT_FALSE(is_still_possible([&] {
    row.target = RuleTarget::name;
    row.name.bytes = 0;
  }));
}

}  // namespace
}  // namespace chatd::state
