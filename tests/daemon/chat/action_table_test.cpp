// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/action_table.hpp"

#include <gtest/gtest.h>

namespace chatd::chat {
namespace {

using state::RuleKind;
using wire::ModerateAction;

TEST(ActionTable, EachActionOfTheProtocolHasOneRow) {
  std::size_t rows = 0;
  for (unsigned number = 0; number <= 255; ++number) {
    const ModerateAction action{static_cast<std::uint8_t>(number)};
    const bool has_row = &row_of(action) != &kUnknownAction;
    EXPECT_EQ(has_row, !wire::name_of(action).empty()) << number;
    if (has_row) ++rows;
  }
  EXPECT_EQ(rows, kActionRows.size());
}

TEST(ActionTable, AnUnknownActionIsOfNoMemberAndChangesNothing) {
  const ActionRow& row = row_of(ModerateAction{99});
  EXPECT_EQ(row.least_role, Role::administrator);
  EXPECT_FALSE(row.makes || row.lifts || row.ends[0]);
  EXPECT_FALSE(row.gives() || row.needs_key() || row.is_for_a_time());
}

TEST(ActionTable, RolesAreGivenAndTakenByOwners) {
  for (const ActionRow& row : kActionRows) {
    const bool is_about_roles = row.gives() || row.action == ModerateAction::no_role;
    EXPECT_EQ(row.least_role, is_about_roles ? Role::owner : Role::moderator)
        << wire::name_of(row.action);
  }
}

TEST(ActionTable, InvitationsAndRolesNeedAKeyAndRolesHaveNoEnd) {
  for (const auto action : {ModerateAction::ban, ModerateAction::mute}) {
    EXPECT_TRUE(row_of(action).is_for_a_time());
    EXPECT_FALSE(row_of(action).needs_key());
  }
  EXPECT_TRUE(row_of(ModerateAction::invite).is_for_a_time());
  EXPECT_TRUE(row_of(ModerateAction::invite).needs_key());
  for (const auto action : {ModerateAction::moderator, ModerateAction::owner}) {
    EXPECT_FALSE(row_of(action).is_for_a_time());
    EXPECT_TRUE(row_of(action).needs_key());
  }
  EXPECT_EQ(row_of(ModerateAction::owner).gives(), Role::owner);
  EXPECT_EQ(row_of(ModerateAction::moderator).gives(), Role::moderator);
}

}  // namespace
}  // namespace chatd::chat
