// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/snapshot_rules.hpp"

#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "daemon/chat/rules.hpp"
#include "tests/daemon/handover/field_names.hpp"
#include "tests/daemon/handover/rooms_region.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using state::RoomId;
using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;
using state::RuleTarget;
using ::testing::ElementsAre;

// The lab has two rules, the server three.
class SnapshotRulesTest : public RoomsRegion {
 protected:
  static constexpr RoomId kLab{7};
  static constexpr state::Geometry kOneRoom{
      .sessions = 8, .ring_bytes = 16384, .rooms = 1, .room_ring_bytes = 16384};

  SnapshotRulesTest() {
    lab_ = make(0, 7, "Lab").index;
    add({.kind = RuleKind::owner,
         .target = RuleTarget::person,
         .room = kLab,
         .person = state::PersonId{1}});
    add({.kind = RuleKind::ban,
         .target = RuleTarget::network,
         .network = parse_network("fe80::%3/64").value(),
         .reason = "spam",
         .note = "twice",
         .now = kThen,
         .until = kNow});
    add({.kind = RuleKind::mute,
         .target = RuleTarget::name,
         .room = kLab,
         .name = "Bob",
         .by = "ada",
         .now = kThen});
    add({.kind = RuleKind::ban,
         .target = RuleTarget::person,
         .person = state::PersonId{~std::uint64_t{0}}});
    add({.kind = RuleKind::moderator, .target = RuleTarget::person, .person = state::PersonId{5}});
    table_.hit(RuleIndex{1}, kNow);
    table_.remove(RuleIndex{3});
  }
  void add(const state::RuleTable::Making& making) {
    table_.make(RuleIndex{table_.used()}, making);
  }

  state::RuleTable table_{state_};
  state::RoomIndex lab_{};
};

// Everything of a rule, as text.
std::string text_of(const RuleSlot& row) {
  const auto number = [](auto value) {
    return std::to_string(static_cast<std::uint64_t>(value)) + ' ';
  };
  return number(row.id) + number(row.kind) + number(row.target) + number(row.room) +
         number(row.person) + to_text(Network{.base = row.network, .prefix = row.prefix}) + ' ' +
         number(row.made_wall) + number(row.until_wall.load()) + number(row.hits.load()) +
         number(row.hit_wall.load()) + std::string{view_of(row.name)} + '/' +
         std::string{view_of(row.by)} + '/' + std::string{view_of(row.reason)} + '/' +
         std::string{view_of(row.note)};
}

// In ascending order of their ids.
std::vector<std::string> rules_of(const state::StateView& state) {
  const state::RuleTable table{state};
  std::map<std::uint32_t, std::string> rules;
  for (std::uint32_t row = 0; row < table.used(); ++row) {
    if (!table.is_made(RuleIndex{row})) continue;
    const RuleSlot& rule = table.row(RuleIndex{row});
    rules.emplace(rule.id, text_of(rule));
  }
  std::vector<std::string> all;
  for (const auto& [id, text] : rules) all.push_back(text);
  return all;
}

std::vector<std::uint32_t> ids_of(const state::StateView& state) {
  std::vector<std::uint32_t> ids;
  for (const std::string& rule : rules_of(state)) {
    ids.push_back(static_cast<std::uint32_t>(std::stoul(rule)));
  }
  return ids;
}

// The names are those that predecessors and successors of other versions read and write.
TEST_F(SnapshotRulesTest, EachFieldHasItsName) {
  const json snapshot = written();
  EXPECT_THAT(field_names(snapshot["rules"][0]),
              ElementsAre("address", "id", "kind", "made", "person", "room", "scope",
                          "since_number", "target"));
  EXPECT_THAT(field_names(snapshot["rules"][1]),
              ElementsAre("address", "hit", "hits", "id", "kind", "made", "note", "prefix",
                          "reason", "scope", "since_number", "target", "until"));
  EXPECT_THAT(field_names(snapshot["rules"][2]),
              ElementsAre("address", "by", "id", "kind", "made", "name", "room", "scope",
                          "since_number", "target"));
  EXPECT_THAT(field_names(snapshot["properties"]),
              ElementsAre("hidden", "invited", "lecture", "open_since_number", "slow"));
}

TEST_F(SnapshotRulesTest, EveryRuleIsRestoredAsItWas) {
  RoomsRegion next;
  const auto restored = next.read(written());
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ(restored->rules, 4U);
  EXPECT_EQ(restored->rules_left_out, 0U);
  EXPECT_EQ(rules_of(next.state_), rules_of(state_));
  EXPECT_THAT(ids_of(next.state_), ElementsAre(1, 2, 3, 5));
  RoomsRegion last;
  ASSERT_TRUE(last.read(next.written()));
  EXPECT_EQ(rules_of(last.state_), rules_of(state_));
}

TEST_F(SnapshotRulesTest, ASuccessorFindsTheRulesAndUsesNewIds) {
  table_.remove(RuleIndex{4});  // the last one
  RoomsRegion next;
  ASSERT_TRUE(next.read(written()));
  chat::Rules rules{next.state_};
  rules.adopt();
  EXPECT_TRUE(rules.has(RuleKind::owner, state::PersonId{1}, kLab, kThen));
  EXPECT_TRUE(rules.find(RuleKind::ban, {.address = parse_address("fe80::9%3").value()},
                         state::kDefaultRoom, kThen));
  EXPECT_TRUE(rules.find(RuleKind::mute, {.folded_name = "bob"}, kLab, kThen));
  const auto added = rules.add(
      {.kind = RuleKind::ban, .target = RuleTarget::person, .person = state::PersonId{9}});
  EXPECT_EQ(rules.row(added.value()).id, 6U);
}

TEST_F(SnapshotRulesTest, ASnapshotFromBeforeRulesHasNone) {
  json old = written();
  for (const char* name : {"rules", "last_rule", "properties"}) old.erase(name);
  for (json& room : old.at("rooms")) room.erase("properties");
  RoomsRegion next;
  const auto restored = next.read(old);
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ(restored->rooms, 1U);
  EXPECT_EQ(restored->rules + restored->rules_left_out, 0U);
  EXPECT_THAT(rules_of(next.state_), ::testing::IsEmpty());
  const auto& lab = next.state_.properties(next.row_of(kLab).value());
  EXPECT_FALSE(lab.is_hidden || lab.is_invited || lab.is_lecture);
}

TEST_F(SnapshotRulesTest, RulesOfARoomThatIsLeftOutEndWithIt) {
  RoomsRegion next{{.sessions = 8, .ring_bytes = 16384}};
  const auto restored = next.read(written());
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->rooms_left_out, 1U);
  EXPECT_EQ(restored->rules, 2U);
  EXPECT_EQ(restored->rules_left_out, 0U);
  EXPECT_THAT(ids_of(next.state_), ElementsAre(2, 5));
  EXPECT_EQ(next.state_.rule_head().last_id, 5U);
}

// The predecessor had more rows, and used them for invitations: rule 0 + 100, then 101 and so on.
class FewerRowsTest : public SnapshotRulesTest {
 protected:
  static constexpr std::uint32_t kGrants = state::grant_rows(kOneRoom.rooms);
  FewerRowsTest() {
    const json few = many_["rules"];
    json rules = json::array();
    for (std::uint32_t i = 0; i < kGrants + 10; ++i) {
      rules.push_back(few[0]);
      rules.back()["id"] = 100 + i;
      rules.back()["kind"] = static_cast<int>(RuleKind::invitation);
      rules.back()["person"] = 1000 + i;
    }
    for (const json& rule : few) rules.push_back(rule);
    many_["rules"] = std::move(rules);
  }
  json many_ = written();
  RoomsRegion next_{kOneRoom};
};

TEST_F(FewerRowsTest, BansMutesAndRolesAreRestoredBeforeInvitations) {
  const auto restored = next_.read(many_);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->rules, 2 + kGrants - 1);
  EXPECT_EQ(restored->rules_left_out, 13U);
  EXPECT_EQ(next_.state_.rule_head().used, 2 + kGrants - 1);
  const auto ids = ids_of(next_.state_);
  EXPECT_THAT(std::vector(ids.begin(), ids.begin() + 5), ElementsAre(1, 2, 3, 5, 100));
}

TEST_F(FewerRowsTest, RulesCanStillBeAdded) {
  ASSERT_TRUE(next_.read(many_));
  chat::Rules rules{next_.state_};
  rules.adopt();
  for (std::uint64_t person = 1; person <= state::kRestrictionRows - 2; ++person) {
    ASSERT_TRUE(rules.add(
        {.kind = RuleKind::ban, .target = RuleTarget::person, .person = state::PersonId{person}}));
  }
  EXPECT_TRUE(rules.add({.kind = RuleKind::owner,
                         .target = RuleTarget::person,
                         .room = kLab,
                         .person = state::PersonId{1}}))
      << "the rule of the same owner is replaced";
}

TEST_F(FewerRowsTest, RestrictionsDoNotTakeTheRowsOfRoles) {
  json& rules = many_["rules"];
  for (std::uint32_t i = 0; i < state::kRestrictionRows + 10; ++i) {
    rules.push_back(rules[kGrants + 13]);  // a role of the default room, which becomes a ban
    rules.back()["id"] = 100'000 + i;
    rules.back()["kind"] = static_cast<int>(RuleKind::ban);
    rules.back()["person"] = 200'000 + i;
  }
  const auto restored = next_.read(many_);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->rules, state::rule_rows(kOneRoom.rooms) - 1);
  EXPECT_EQ(restored->rules_left_out, 13U + 12U);
}

TEST_F(SnapshotRulesTest, ADamagedRuleIsLeftOutAndTheOthersAreNot) {
  const json good = written();
  const auto ids_after = [&](const std::function<void(json & rule)>& change) {
    json bad = good;
    change(bad["rules"][1]);
    RoomsRegion next;
    const auto restored = next.read(bad);
    auto ids = ids_of(next.state_);
    if (!restored) return std::vector<std::uint32_t>{};
    EXPECT_EQ(restored->rules, ids.size());
    EXPECT_EQ(restored->rules_left_out, 4 - ids.size());
    EXPECT_EQ(next.state_.rule_head().used, ids.size());
    return ids;
  };
  EXPECT_THAT(ids_after([](json&) {}), ElementsAre(1, 2, 3, 5));
  const std::vector<std::function<void(json & rule)>> damages{
      [](json& rule) { rule.erase("kind"); },
      [](json& rule) { rule["kind"] = 0; },
      [](json& rule) { rule["kind"] = 6; },
      [](json& rule) { rule["kind"] = 257; },
      [](json& rule) { rule["kind"] = "ban"; },
      [](json& rule) { rule["target"] = 4; },
      [](json& rule) { rule["id"] = 0; },
      [](json& rule) { rule["id"] = 1; },  // used twice
      [](json& rule) { rule["id"] = 0x8000'0000U; },
      [](json& rule) { rule["prefix"] = 129; },
      [](json& rule) { rule["until"] = -1; },
      [](json& rule) { rule["room"] = json::array(); },
      [](json& rule) { rule["reason"] = std::string(state::kMaxRuleReasonBytes + 1, 'x'); },
      [](json& rule) { rule["address"].get_binary().pop_back(); },
      [](json& rule) { rule = nullptr; },
  };
  for (std::size_t i = 0; i < damages.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_THAT(ids_after(damages[i]), ElementsAre(1, 3, 5));
  }
  EXPECT_THAT(ids_after([](json& rule) { rule["until"] = 1; }), ElementsAre(1, 2, 3, 5));
  EXPECT_THAT(
      ids_after([](json& rule) { rule["reason"] = std::string(state::kMaxRuleReasonBytes, 'x'); }),
      ElementsAre(1, 2, 3, 5));
}

TEST_F(SnapshotRulesTest, AnImpossibleLastIdIsNotTaken) {
  for (const json& last : {json(1), json(-5), json("x"), json(nullptr)}) {
    json bad = written();
    bad["last_rule"] = last;
    RoomsRegion next;
    ASSERT_TRUE(next.read(bad));
    EXPECT_EQ(next.state_.rule_head().last_id, 5U);
  }
  json bad = written();
  bad["last_rule"] = ~std::uint64_t{0};
  RoomsRegion next;
  ASSERT_TRUE(next.read(bad));
  EXPECT_EQ(next.state_.rule_head().last_id, state::kMaxRuleId);
}

// The gateway was killed in the middle of a change of the lab, and no other gateway started.
TEST_F(SnapshotRulesTest, AChangeThatIsNotFinishedIsKept) {
  state::RuleHead& head = state_.rule_head();
  head.change_at = 77;
  EXPECT_FALSE(written().contains("changing"));
  for (const bool is_of_default : {false, true}) {
    head.change_of = is_of_default ? 1 : 2 + static_cast<std::uint32_t>(lab_);
    const json snapshot = written();
    EXPECT_EQ(snapshot.at("changing"), is_of_default ? 0 : 7);
    RoomsRegion next;
    ASSERT_TRUE(next.read(snapshot));
    const auto row = static_cast<std::uint32_t>(next.row_of(kLab).value());
    EXPECT_EQ(next.state_.rule_head().change_of, is_of_default ? 1 : 2 + row);
    EXPECT_EQ(next.state_.rule_head().change_at, 77U);
    RoomsRegion none{{.sessions = 8, .ring_bytes = 16384}};
    ASSERT_TRUE(none.read(snapshot));
    EXPECT_EQ(none.state_.rule_head().change_of, is_of_default ? 1U : 0U);
  }
  head.change_of = 99;  // there is no such row
  EXPECT_FALSE(written().contains("changing"));
}

std::uint64_t since_number_of_owner(const state::StateView& state) {
  return std::ranges::find(state.rule_slots(), RuleKind::owner, &RuleSlot::kind)->since_number;
}

TEST_F(SnapshotRulesTest, KeepsTheNumbersFromWhichARoomIsRead) {
  table_.set_since(RuleIndex{0}, {.offset = 9000, .number = 30});
  state_.properties(lab_).open_since_number = state_.properties(lab_).open_since = 20;
  RoomsRegion next{kOneRoom};
  ASSERT_TRUE(next.read(written()));
  EXPECT_EQ(since_number_of_owner(next.state_), 30U);
  EXPECT_EQ(next.state_.properties(lab_).open_since_number.load(), 20U);
}

TEST_F(SnapshotRulesTest, NumbersThatAnOlderServiceHasNotKeptAreNoRight) {
  state_.properties(lab_).open_since = 8000;
  state_.room_slot(lab_).head.next_sequence = 50;
  json snapshot = written();
  for (json& rule : snapshot["rules"]) rule.erase("since_number");
  snapshot["rooms"][0]["properties"].erase("open_since_number");
  RoomsRegion next{kOneRoom};
  ASSERT_TRUE(next.read(snapshot));
  EXPECT_EQ(since_number_of_owner(next.state_), state::kNoNumber);
  EXPECT_EQ(next.state_.properties(lab_).open_since_number.load(), 50U);
}

}  // namespace
}  // namespace chatd::handover
