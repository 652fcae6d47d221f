// SPDX-License-Identifier: GPL-3.0-or-later
// The limits of the table of rules, and the rules that a successor finds in it.
#include <array>

#include "tests/daemon/chat/rules_fixture.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using state::RuleIndex;
using state::RuleKind;
using state::RuleTarget;
using wire::Reason;

class RulesLimitsTest : public RulesFixture {};

// --- limits ------------------------------------------------------------------------

TEST_F(RulesLimitsTest, ARoomHasALimitOfRestrictionsAndOneOfGrants) {
  for (std::uint64_t i = 1; i <= Rules::kRestrictionsOfARoom; ++i) {
    add(person(i % 2 == 0 ? RuleKind::ban : RuleKind::mute, i, kLab));
  }
  EXPECT_EQ(reason_of(person(RuleKind::ban, 999, kLab)), Reason::room_rules_full);
  EXPECT_EQ(rules_.reason_not_to_add(person(RuleKind::mute, 999, kLab)), Reason::room_rules_full);
  EXPECT_EQ(reason_of(person(RuleKind::ban, 2, kLab)), Reason::done);  // it is replaced
  EXPECT_EQ(reason_of(person(RuleKind::ban, 999, kDen)), Reason::done);
  EXPECT_EQ(reason_of(person(RuleKind::ban, 999)), Reason::done);
  for (std::uint64_t i = 1; i <= Rules::kGrantsOfARoom; ++i) {
    add(person(RuleKind::invitation, i, kLab));
  }
  EXPECT_EQ(reason_of(person(RuleKind::moderator, 1, kLab)), Reason::room_rules_full);
  EXPECT_EQ(reason_of(person(RuleKind::moderator, 1, kDen)), Reason::done);
  rules_.remove_all(kLab);
  EXPECT_EQ(reason_of(person(RuleKind::moderator, 1, kLab)), Reason::done);
}

TEST_F(RulesLimitsTest, RulesThatHaveEndedTakeNoSpaceOfTheirRoom) {
  for (std::uint64_t i = 1; i <= Rules::kRestrictionsOfARoom; ++i) {
    add(ends_at(person(RuleKind::ban, i, kLab), kNow + Micros{1}));
  }
  auto another = person(RuleKind::ban, 999, kLab);
  EXPECT_EQ(reason_of(another), Reason::room_rules_full);
  another.now = kNow + Micros{1};
  EXPECT_EQ(rules_.reason_not_to_add(another), std::nullopt);
  EXPECT_EQ(reason_of(another), Reason::done);
  EXPECT_EQ(rules_.size(), 1U);
}

TEST_F(RulesLimitsTest, RoomsTakeAtMostHalfOfTheRestrictions) {
  const auto of_room = [](std::uint32_t number) {
    return person(RuleKind::ban, number, RoomId{1 + number / Rules::kRestrictionsOfARoom});
  };
  for (std::uint32_t i = 0; i < Rules::kRestrictionsOfRooms; ++i) {
    auto making = of_room(i);
    making.person = PersonId{i + 1};
    add(making);
  }
  EXPECT_EQ(reason_of(person(RuleKind::ban, 1, RoomId{5000})), Reason::rules_full);
  for (std::uint64_t i = 1; i <= state::kRestrictionRows - Rules::kRestrictionsOfRooms; ++i) {
    add(person(RuleKind::ban, i));
  }
  EXPECT_EQ(reason_of(person(RuleKind::ban, 9999)), Reason::rules_full);
  EXPECT_EQ(reason_of(person(RuleKind::ban, 1)), Reason::done);  // it is replaced
  EXPECT_EQ(reason_of(person(RuleKind::owner, 1, kLab)), Reason::done);
}

TEST_F(RulesLimitsTest, SomeRowsAreForTheAdministratorsBansOnly) {
  auto members = person(RuleKind::ban, 1);
  members.by = "ada";
  for (std::uint64_t i = 1; i <= state::kRestrictionRows - Rules::kAdministratorsRows; ++i) {
    members.person = PersonId{i};
    ASSERT_EQ(reason_of(members), Reason::done);
  }
  members.person = PersonId{9999};
  EXPECT_EQ(reason_of(members), Reason::rules_full);
  EXPECT_EQ(reason_of(person(RuleKind::ban, 9999)), Reason::done);
  EXPECT_EQ(reason_of(members), Reason::done);  // it is replaced
}

TEST_F(RulesLimitsTest, SomeRowsAreForTheAdministratorsRolesOnly) {
  auto members = person(RuleKind::invitation, 1);
  members.by = "ada";
  for (std::uint64_t i = 1; i <= state::grant_rows(0) - 1 - Rules::kAdministratorsRows; ++i) {
    members.person = PersonId{i};
    ASSERT_EQ(reason_of(members), Reason::done);
  }
  members.person = PersonId{99'999};
  EXPECT_EQ(reason_of(members), Reason::rules_full);
  EXPECT_EQ(reason_of(person(RuleKind::moderator, 99'999)), Reason::done);
}

// A region with further rooms.
class RulesOfRoomsLimitsTest : public RulesFixture {
 protected:
  static constexpr std::uint32_t kRooms = 100;
  RulesOfRoomsLimitsTest()
      : RulesFixture{
            {.sessions = 8, .ring_bytes = 16384, .rooms = kRooms, .room_ring_bytes = 16384}} {}
};

TEST_F(RulesOfRoomsLimitsTest, EachRoomHasARowForItsFirstOwner) {
  Reason reason = Reason::done;
  for (std::uint32_t i = 0; reason == Reason::done; ++i) {
    ASSERT_LT(i, state::grant_rows(kRooms));
    auto invitation = person(RuleKind::invitation, 1 + i, RoomId{1 + i / Rules::kGrantsOfARoom});
    invitation.by = "mallory";
    reason = reason_of(invitation);
  }
  EXPECT_EQ(reason, Reason::rules_full);
  for (std::uint32_t room = 1000; room < 1000 + kRooms; ++room) {
    auto owner = person(RuleKind::owner, 7, RoomId{room});
    owner.by = "ada";
    ASSERT_EQ(reason_of(owner), Reason::done) << room;
    owner.person = PersonId{8};
    EXPECT_EQ(reason_of(owner), Reason::rules_full) << "the second owner";
  }
}

TEST_F(RulesLimitsTest, AFullTableStillReplacesRules) {
  const std::uint32_t grants = state::grant_rows(0) - 1;
  for (std::uint32_t i = 1; i <= grants; ++i) add(person(RuleKind::invitation, i));
  EXPECT_EQ(reason_of(person(RuleKind::invitation, 99'999)), Reason::rules_full);
  for (std::uint32_t i = 1; i <= state::kRestrictionRows; ++i) add(person(RuleKind::ban, i));
  EXPECT_EQ(rules_.size(), grants + state::kRestrictionRows);
  for (const std::uint64_t number : {1U, 1U, 7U}) {
    EXPECT_EQ(reason_of(person(RuleKind::invitation, number)), Reason::done);
    EXPECT_EQ(reason_of(person(RuleKind::ban, number)), Reason::done);
  }
  Rules next = taken_over();
  EXPECT_EQ(next.size(), rules_.size());
  EXPECT_TRUE(next.add(person(RuleKind::ban, 1)));
}

// --- adoption ----------------------------------------------------------------------

TEST_F(RulesLimitsTest, ASuccessorFindsTheSameRules) {
  add(person(RuleKind::ban, 1));
  const RuleIndex gone = add(person(RuleKind::ban, 2));
  add(name(RuleKind::mute, "Bob", kLab));
  add(network("192.0.2.0/24"));
  rules_.remove(gone);
  Rules next = taken_over();
  EXPECT_EQ(next.size(), 3U);
  EXPECT_TRUE(next.has(RuleKind::ban, PersonId{1}, kServer, kNow));
  EXPECT_FALSE(next.has(RuleKind::ban, PersonId{2}, kServer, kNow));
  EXPECT_TRUE(next.find(RuleKind::mute, {.folded_name = "bob"}, kLab, kNow));
  EXPECT_TRUE(
      next.find(RuleKind::ban, {.address = parse_address("192.0.2.9").value()}, kServer, kNow));
  EXPECT_EQ(next.restrictions_of(kLab), 1U);
  const auto added = next.add(person(RuleKind::ban, 3));
  EXPECT_EQ(added, gone);  // the free row
  EXPECT_EQ(next.row(*added).id, 5U);
}

// A gateway was killed between the new rule and the removal of the old one.
TEST_F(RulesLimitsTest, OfTwoRulesForOneTargetTheLaterOneStays) {
  for (const bool is_later_first : {false, true}) {
    renew_region();
    state::RuleTable table{state_};
    table.make(RuleIndex{is_later_first ? 1U : 0U}, person(RuleKind::ban, 1));
    table.make(RuleIndex{is_later_first ? 0U : 1U},
               ends_at(person(RuleKind::ban, 1), kNow + Micros{9}));
    Rules next = taken_over();
    EXPECT_EQ(next.size(), 1U);
    EXPECT_EQ(ids_of(next), std::vector<std::uint32_t>{2});
    EXPECT_FALSE(next.has(RuleKind::ban, PersonId{1}, kServer, kNow + Micros{9}));
    EXPECT_TRUE(next.add(person(RuleKind::ban, 2)));
    EXPECT_EQ(next.size(), 2U);
  }
}

TEST_F(RulesLimitsTest, RowsThatCannotBeRightAreRemoved) {
  const auto row = [&](RuleIndex rule) -> state::RuleSlot& {
    return state_.rule_slots()[static_cast<std::uint32_t>(rule)];
  };
  row(add(person(RuleKind::ban, 1))).kind = RuleKind{200};
  row(add(person(RuleKind::ban, 2))).target = RuleTarget{200};
  row(add(network("10.0.0.0/8"))).prefix = 200;
  row(add(person(RuleKind::ban, 3))).person = {};
  row(add(name(RuleKind::ban, "ada"))).name.text[0] = '\xFF';  // no member has it
  row(add(person(RuleKind::ban, 4))).phase = state::RulePhase{7};
  add(person(RuleKind::ban, 5));
  Rules next = taken_over();
  EXPECT_EQ(next.size(), 1U);
  EXPECT_EQ(ids_of(next), std::vector<std::uint32_t>{7});
  EXPECT_FALSE(
      next.find(RuleKind::ban, {.address = parse_address("10.0.0.1").value()}, kServer, kNow));
  for (std::uint64_t i = 10; i < 16; ++i) ASSERT_TRUE(next.add(person(RuleKind::ban, i)));
  EXPECT_EQ(state_.rule_head().used, 7U);  // each row was free again
}

TEST_F(RulesLimitsTest, KeepRoomsRemovesTheRulesOfOtherRooms) {
  for (const RoomId room : {kServer, kLab, kDen, RoomId{1}, RoomId{99}}) {
    add(person(RuleKind::ban, 1, room));
    add(person(RuleKind::owner, 1, room));
  }
  rules_.keep_rooms(std::array{RoomId{1}, kDen});
  EXPECT_EQ(rules_.size(), 6U);
  EXPECT_TRUE(bans_person(1));
  EXPECT_TRUE(bans_person(1, RoomId{1}));
  EXPECT_TRUE(bans_person(1, kDen));
  EXPECT_FALSE(bans_person(1, kLab));
  rules_.keep_rooms({});
  EXPECT_EQ(rules_.size(), 2U);
}

}  // namespace
}  // namespace chatd::chat
