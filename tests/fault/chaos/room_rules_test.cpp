// SPDX-License-Identifier: GPL-3.0-or-later
// Records make members, rules, roles and properties.
#include "tests/fault/chaos/room_rules.hpp"

#include <gtest/gtest.h>

#include "tests/fault/chaos/room_change.hpp"

namespace chatd::test {
namespace {

using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;
using Names = RoomRules::Names;

class RoomRulesTest : public ::testing::Test {
 protected:
  void moderate(ModerateAction action) {
    rules_.apply({.kind = RecordKind::moderated,
                  .name = "ada",
                  .text = record_text({.action = action, .name = "bob"})});
  }
  void set(RoomProperty property, std::uint16_t value) {
    rules_.apply({.kind = RecordKind::set,
                  .name = "ada",
                  .text = record_text({.property = property, .value = value})});
  }

  RoomRules rules_{"ada"};
};

TEST_F(RoomRulesTest, TheMakerIsTheOwner) {
  EXPECT_EQ(rules_.role("ada"), RoomRole::owner);
  EXPECT_EQ(rules_.role("bob"), RoomRole::none);
  EXPECT_EQ(rules_.with_role(), Names{"ada"});
  moderate(ModerateAction::invite);
  EXPECT_EQ(rules_.with_role(), Names{"ada"});
  EXPECT_EQ(rules_.on_list(), (Names{"ada", "bob"}));
}

TEST_F(RoomRulesTest, JoinsLeavesAndKicksChangeTheMembers) {
  rules_.apply({.kind = RecordKind::join, .name = "ada"});
  rules_.apply({.kind = RecordKind::join, .name = "bob"});
  rules_.apply({.kind = RecordKind::join, .name = "cy"});
  rules_.apply({.kind = RecordKind::leave, .name = "bob"});
  rules_.apply({.kind = RecordKind::kick, .name = "cy"});
  EXPECT_EQ(rules_.members(), Names{"ada"});
}

TEST_F(RoomRulesTest, RulesBeginAndEnd) {
  moderate(ModerateAction::ban);
  moderate(ModerateAction::mute);
  EXPECT_TRUE(rules_.is_banned("bob"));
  EXPECT_TRUE(rules_.is_muted("bob"));
  moderate(ModerateAction::unban);
  moderate(ModerateAction::unmute);
  EXPECT_FALSE(rules_.is_banned("bob"));
  EXPECT_FALSE(rules_.is_muted("bob"));
}

TEST_F(RoomRulesTest, ABanEndsARoleAndAnInvitation) {
  moderate(ModerateAction::invite);
  moderate(ModerateAction::moderator);
  EXPECT_EQ(rules_.role("bob"), RoomRole::moderator);
  moderate(ModerateAction::ban);
  EXPECT_EQ(rules_.role("bob"), RoomRole::none);
  EXPECT_FALSE(rules_.is_on_list("bob"));
}

TEST_F(RoomRulesTest, ARuleForANameIsNotInForceForAMemberWithARole) {
  moderate(ModerateAction::mute);
  moderate(ModerateAction::moderator);
  EXPECT_FALSE(rules_.is_muted("bob"));
  moderate(ModerateAction::no_role);
  EXPECT_TRUE(rules_.is_muted("bob"));
}

TEST_F(RoomRulesTest, ARuleForAMemberIsInForceForARole) {
  rules_.apply({.kind = RecordKind::join, .name = "bob"});
  moderate(ModerateAction::mute);
  moderate(ModerateAction::moderator);
  EXPECT_TRUE(rules_.is_muted("bob"));
  moderate(ModerateAction::unmute);
  EXPECT_FALSE(rules_.is_muted("bob"));
}

TEST_F(RoomRulesTest, MembersAreInvitedWhenTheRoomIsClosed) {
  rules_.apply({.kind = RecordKind::join, .name = "bob"});
  set(RoomProperty::invited, 1);
  EXPECT_TRUE(rules_.is_on(RoomProperty::invited));
  EXPECT_TRUE(rules_.is_on_list("bob"));
  moderate(ModerateAction::uninvite);
  EXPECT_FALSE(rules_.is_on_list("bob"));
  set(RoomProperty::invited, 0);
  EXPECT_FALSE(rules_.is_on(RoomProperty::invited));
}

}  // namespace
}  // namespace chatd::test
