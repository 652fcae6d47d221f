// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_changes.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using wire::Reason;

class RoomChangesTest : public ModerationFixture {};

// --- kick, ban, mute -------------------------------------------------------------------

TEST_F(RoomChangesTest, AKickRemovesTheMemberAndItsInvitation) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  ASSERT_TRUE(join(eve_, "lab"));
  ASSERT_EQ(moderate(max_, Action::kick, "EVE", {.reason = "noise\n"}), std::nullopt);
  EXPECT_EQ(last_change(), "1 max: eve 0 noise ");
  EXPECT_EQ(texts_in("lab").back(), "kick eve noise ");
  EXPECT_THAT(mailbox(eve_), ElementsAre("invited lab", "left lab"));
  EXPECT_TRUE(last_text(eve_).ends_with("by max: noise ")) << last_text(eve_);
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
  EXPECT_EQ(moderate(max_, Action::kick, "eve"), Reason::no_such_member);
  EXPECT_EQ(moderate(max_, Action::kick, "zoe"), Reason::no_such_member);
}

TEST_F(RoomChangesTest, AKickByTheAdministratorSaysSo) {
  ASSERT_EQ(moderate(std::nullopt, Action::kick, "bob"), std::nullopt);
  EXPECT_TRUE(last_text(bob_).ends_with("by the administrator")) << last_text(bob_);
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::kick, "eve", {.reason = "noise"}),
            std::nullopt);
  ASSERT_EQ(removals_.size(), 1U);
  EXPECT_EQ(removals_[0].reason, "by the administrator: noise");
}

TEST_F(RoomChangesTest, ABanRemovesEverySessionOfThePerson) {
  const Slot again = enter("bob2", 3).slot;
  ASSERT_TRUE(join(again, "lab"));
  ASSERT_EQ(moderate(max_, Action::ban, "bob", {.seconds = 3600, .reason = "spam"}), std::nullopt);
  EXPECT_FALSE(is_in(bob_));
  EXPECT_FALSE(is_in(again));
  EXPECT_NE(last_text(bob_).find("banned until "), std::string::npos);
  EXPECT_NE(last_text(bob_).find(": spam"), std::string::npos);
  EXPECT_EQ(last_change(), "2 max: bob 3600 spam");
  EXPECT_EQ(refusal(join(bob_, "lab")), Reason::no_such_room);
  quit(bob_);
  const Slot robert = enter("robert", 3).slot;
  EXPECT_EQ(refusal(join(robert, "lab")), Reason::no_such_room);
  const Slot other = enter("bob", 9).slot;
  EXPECT_EQ(refusal(join(other, "lab")), std::nullopt) << "another person";
  time_ += hours{1};
  EXPECT_EQ(refusal(join(robert, "lab")), std::nullopt);
}

TEST_F(RoomChangesTest, ABanTakesTheRoleAndTheInvitation) {
  ASSERT_EQ(moderate(ada_, Action::ban, "max"), std::nullopt);
  EXPECT_EQ(role_of(max_), Role::none);
  ASSERT_EQ(moderate(ada_, Action::unban, "max"), std::nullopt);
  EXPECT_EQ(refusal(join(max_, "lab")), std::nullopt);
  EXPECT_EQ(role_of(max_), Role::none);
}

TEST_F(RoomChangesTest, ABanOfANameHitsTheNextMemberThatHasIt) {
  ASSERT_EQ(moderate(max_, Action::ban, "zoe"), std::nullopt);
  const Slot zoe = enter("ZOE", 9).slot;
  EXPECT_EQ(refusal(join(zoe, "lab")), Reason::no_such_room);
  ASSERT_EQ(moderate(max_, Action::unban, "Zoe"), std::nullopt);
  EXPECT_EQ(refusal(join(zoe, "lab")), std::nullopt);
}

TEST_F(RoomChangesTest, ARuleIsLiftedByTheNameThatItWasMadeFor) {
  ASSERT_EQ(moderate(max_, Action::ban, "bob"), std::nullopt);
  quit(bob_);
  (void)enter("bob", 9);  // another person has the name now
  EXPECT_EQ(moderate(max_, Action::unban, "bob"), std::nullopt);
  bob_ = enter("robert", 3).slot;
  EXPECT_EQ(refusal(join(bob_, "lab")), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::unban, "bob"), Reason::no_such_rule);
  EXPECT_EQ(moderate(max_, Action::unmute, "bob"), Reason::no_such_rule);
  EXPECT_EQ(moderate(max_, Action::uninvite, "bob"), Reason::no_such_rule);
}

TEST_F(RoomChangesTest, MembersDoNotChangeRulesOfTheAdministrator) {
  ASSERT_EQ(moderate(std::nullopt, Action::mute, "bob"), std::nullopt);
  EXPECT_EQ(moderate(ada_, Action::unmute, "bob"), Reason::no_right);
  EXPECT_EQ(moderate(ada_, Action::mute, "bob", {.seconds = 1}), Reason::no_right);
  EXPECT_EQ(say(bob_), Reason::muted);
  EXPECT_EQ(moderate(std::nullopt, Action::unmute, "bob"), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
  EXPECT_EQ(moderate(ada_, Action::mute, "bob"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::unmute, "bob"), std::nullopt);
}

// A mute for the name "bob" is the administrator's, one for his person is a moderator's.
TEST_F(RoomChangesTest, OfTwoMutesAMemberLiftsOnlyThatOfAMember) {
  quit(bob_);
  ASSERT_EQ(moderate(std::nullopt, Action::mute, "bob"), std::nullopt);
  bob_ = enter("bob", 3).slot;
  ASSERT_TRUE(join(bob_, "lab"));
  ASSERT_EQ(moderate(max_, Action::mute, "bob"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::unmute, "bob"), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::muted);
  EXPECT_EQ(moderate(max_, Action::unmute, "bob"), Reason::no_right);
  EXPECT_EQ(moderate(std::nullopt, Action::unmute, "bob"), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
}

TEST_F(RoomChangesTest, AnInvitationIsInTheMailboxOfTheMember) {
  ASSERT_EQ(moderate(max_, Action::invite, "eve"), std::nullopt);
  EXPECT_EQ(last_change(), "6 max: eve 86400 ");
  const auto record = test::mailbox_records(state_, eve_).back();
  EXPECT_EQ(record.kind, state::RecordKind::invited);
  EXPECT_EQ(record.name, "lab");
  EXPECT_EQ(record.text, "max");
  ASSERT_EQ(moderate(max_, Action::uninvite, "eve"), std::nullopt);
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
}

// The invitation would have no effect, and nobody would know.
TEST_F(RoomChangesTest, AMemberThatIsBannedInTheRoomIsNotInvited) {
  ASSERT_EQ(moderate(max_, Action::ban, "eve"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::invite, "eve"), Reason::banned_here);
  EXPECT_EQ(moderate(std::nullopt, Action::invite, "eve"), Reason::banned_here);
  EXPECT_EQ(moderate(bob_, Action::invite, "eve"), Reason::no_right) << "says nothing about bans";
  EXPECT_THAT(mailbox(eve_), ::testing::IsEmpty());
  ASSERT_EQ(moderate(max_, Action::unban, "eve"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::invite, "eve"), std::nullopt);
}

TEST_F(RoomChangesTest, AMemberWhoseMailboxHasNoSpaceIsInvitedWithoutARecord) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  std::size_t records = 0;
  do {
    records = mailbox(eve_).size();
    ASSERT_EQ(moderate(max_, Action::invite, "eve"), std::nullopt);
  } while (mailbox(eve_).size() != records);
  EXPECT_EQ(refusal(join(eve_, "lab")), std::nullopt);
}

TEST_F(RoomChangesTest, AnInvitationOfAMemberThatIsInHasNoEnd) {
  ASSERT_EQ(moderate(max_, Action::invite, "bob", {.seconds = 1}), std::nullopt);
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  leave(bob_, "lab");
  time_ += hours{48};
  EXPECT_EQ(refusal(join(bob_, "lab")), std::nullopt);
}

TEST_F(RoomChangesTest, MembersStayOnTheListOfARoomThatBecomesOneForInvitedMembers) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  leave(bob_, "lab");
  time_ += hours{48};
  EXPECT_EQ(refusal(join(bob_, "lab")), std::nullopt);
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
  ASSERT_EQ(moderate(max_, Action::kick, "bob"), std::nullopt);
  EXPECT_EQ(refusal(join(bob_, "lab")), Reason::no_such_room);
}

TEST_F(RoomChangesTest, ARoomThatIsForInvitedMembersAgainNeedsNoNewInvitations) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  const std::uint32_t last_id = state_.rule_head().last_id;
  for (const bool is_on : {false, true, true, false, true}) {
    ASSERT_EQ(set(ada_, Property::invited, is_on ? 1 : 0), std::nullopt);
  }
  EXPECT_EQ(state_.rule_head().last_id, last_id);
  leave(bob_, "lab");
  EXPECT_EQ(refusal(join(bob_, "lab")), std::nullopt);
}

TEST_F(RoomChangesTest, AnInvitedMemberThatIsBannedIsRefused) {
  ASSERT_EQ(moderate(max_, Action::invite, "eve"), std::nullopt);
  ASSERT_EQ(moderate(max_, Action::ban, "eve"), std::nullopt);
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
}

TEST_F(RoomChangesTest, AReasonIsCleanedOrRefused) {
  EXPECT_EQ(moderate(max_, Action::mute, "bob", {.reason = "\xff"}), Reason::text_not_utf8);
  EXPECT_EQ(moderate(max_, Action::mute, "bob",
                     {.reason = std::string(wire::kMaxModerationReason + 1, 'x')}),
            Reason::text_too_long);
  const auto done = moderation().moderate(
      acting(max_), lab(), {.action = Action::mute, .name = "BOB", .reason = "a\x1b[2Jb"});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->name + ": " + done->reason, "bob: a?[2Jb") << "for the journal";
  EXPECT_EQ(last_change(), "4 max: bob 0 a?[2Jb");
}

// A ban for a name spares whoever has a role.
TEST_F(RoomChangesTest, ABanOfANameHitsAMemberWhoseRoleEnds) {
  quit(max_);
  ASSERT_EQ(moderate(ada_, Action::ban, "zed", {.reason = "noise"}), std::nullopt);
  const Slot zed = enter("zed", 2).slot;  // the moderator's key
  ASSERT_TRUE(join(zed, "lab"));
  ASSERT_EQ(moderate(ada_, Action::owner, "zed"), std::nullopt);
  EXPECT_TRUE(is_in(zed)) << "another role";
  ASSERT_EQ(moderate(std::nullopt, Action::no_role, "zed"), std::nullopt);
  EXPECT_FALSE(is_in(zed));
  EXPECT_EQ(texts_in("lab").back(), "kick zed noise");
  EXPECT_TRUE(last_text(zed).ends_with("banned: noise")) << last_text(zed);
  EXPECT_EQ(refusal(join(zed, "lab")), Reason::no_such_room);
}

TEST_F(RoomChangesTest, AMemberWhoseRoleEndsUnderAnotherNameIsRemovedToo) {
  ASSERT_EQ(moderate(ada_, Action::ban, "zed"), std::nullopt);
  const Slot zed = enter("zed", 2).slot;
  ASSERT_TRUE(join(zed, "lab"));
  ASSERT_EQ(moderate(ada_, Action::no_role, "max"), std::nullopt);
  EXPECT_FALSE(is_in(zed));
  EXPECT_TRUE(is_in(max_)) << "the ban is for the name";
}

TEST_F(RoomChangesTest, AMemberWhoseRoleEndsAndThatIsNotBannedStays) {
  ASSERT_EQ(moderate(ada_, Action::no_role, "max"), std::nullopt);
  EXPECT_TRUE(is_in(max_));
}

// --- the default room ------------------------------------------------------------------

TEST_F(RoomChangesTest, AKickInTheDefaultRoomRemovesTheSession) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "ada"), std::nullopt);
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::kick, "bob", {.reason = "noise"}),
            std::nullopt);
  ASSERT_EQ(removals_.size(), 1U);
  EXPECT_EQ(removals_[0].member, bob_);
  EXPECT_EQ(removals_[0].reason, "by ada: noise");
  EXPECT_TRUE(sessions().is_member(bob_)) << "the caller removes it";
}

TEST_F(RoomChangesTest, ABanInTheDefaultRoomIsOfTheServer) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "ada"), std::nullopt);
  const Slot again = enter("bob2", 3).slot;
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::ban, "bob"), std::nullopt);
  std::vector<Slot> removed;
  for (const auto& [member, reason] : removals_) {
    EXPECT_EQ(reason, "banned");
    removed.push_back(member);
  }
  EXPECT_THAT(removed, ::testing::UnorderedElementsAre(bob_, again));
  EXPECT_EQ(enter("robert", 3).reason, Reason::banned);
}

TEST_F(RoomChangesTest, AMemberOfTheTextProtocolIsBannedByItsName) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "ada"), std::nullopt);
  const auto tex = enter_text("tex");
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::ban, "TEX", {.reason = "spam"}), std::nullopt);
  ASSERT_EQ(removals_.size(), 1U);
  EXPECT_EQ(removals_[0].member, tex.slot);
  EXPECT_EQ(removals_[0].reason, "banned: spam");
  quit(tex.slot);
  chat_->changes.removed();
  EXPECT_EQ(enter_text("tex").reason, Reason::banned);
}

TEST_F(RoomChangesTest, ABanOfTheServerHitsAMemberWhoseRoleEnds) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::owner, "ada"), std::nullopt);
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "max"), std::nullopt);
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::ban, "zed"), std::nullopt);
  const Slot zed = enter("zed", 2).slot;
  ASSERT_TRUE(sessions().is_member(zed));
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::no_role, "max"), std::nullopt);
  ASSERT_EQ(removals_.size(), 1U);
  EXPECT_EQ(removals_[0].member, zed);
  EXPECT_EQ(removals_[0].reason, "banned");
  quit(zed);
  chat_->changes.removed();
}

TEST_F(RoomChangesTest, MembersDoNotLiftABanOfTheServer) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::owner, "ada"), std::nullopt);
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::ban, "zoe"), std::nullopt);
  EXPECT_EQ(moderate_in(std::nullopt, ada_, Action::unban, "zoe"), Reason::no_right);
}

// --- adoption --------------------------------------------------------------------------

TEST_F(RoomChangesTest, AMemberThatIsBannedIsRemovedAtAdoption) {
  ASSERT_TRUE(rules().add({.kind = state::RuleKind::ban,
                           .target = state::RuleTarget::person,
                           .room = lab()->id,
                           .person = sessions().person(bob_),
                           .name = "bob",
                           .reason = "spam",
                           .now = now().wall}));
  EXPECT_TRUE(is_in(bob_));
  restart();
  EXPECT_FALSE(is_in(bob_));
  EXPECT_EQ(texts_in("lab").back(), "kick bob spam");
}

TEST_F(RoomChangesTest, AFinishedChangeIsNotRepeatedAtAdoption) {
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  ASSERT_TRUE(join(bob_, "lab"));
  restart();
  EXPECT_TRUE(is_in(bob_));
  EXPECT_EQ(role_of(ada_), Role::owner);
}

}  // namespace
}  // namespace chatd::chat
