// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_rights.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/chat/rule_hits.hpp"
#include "tests/daemon/chat/moderation_fixture.hpp"
#include "tests/support/rule_making.hpp"

namespace chatd::chat {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using wire::Reason;

class RoomRightsTest : public ModerationFixture {};

TEST_F(RoomRightsTest, TheMakerOfARoomIsItsOwner) {
  EXPECT_EQ(role_of(ada_), Role::owner);
  EXPECT_EQ(role_of(max_), Role::moderator);
  EXPECT_EQ(role_of(bob_), Role::none);
  EXPECT_EQ(rights().role(ada_, std::nullopt, now().wall), Role::none) << "of another room";
}

TEST_F(RoomRightsTest, ARoleBelongsToThePersonAndNotToTheName) {
  quit(ada_);
  const Slot other = enter("ada", 9).slot;
  EXPECT_EQ(role_of(other), Role::none);
  const Slot ada = enter("ada2", 1).slot;
  EXPECT_EQ(role_of(ada), Role::owner);
}

TEST_F(RoomRightsTest, ARoomThatTheAdministratorMakesHasNoOwner) {
  ASSERT_TRUE(rooms().make_kept("den", now()));
  ASSERT_TRUE(join(ada_, "den"));
  EXPECT_EQ(rights().role(ada_, place_of("den"), now().wall), Role::none);
}

TEST_F(RoomRightsTest, EachPropertyHasALowestRole) {
  EXPECT_EQ(RoomRights::least_role(Property::slow), Role::moderator);
  for (const Property property : {Property::invited, Property::hidden, Property::lecture}) {
    EXPECT_EQ(RoomRights::least_role(property), Role::owner);
  }
  EXPECT_EQ(RoomRights::least_role(Property::name), Role::administrator);
  EXPECT_EQ(RoomRights::least_role(Property{99}), Role::administrator);
}

// --- find and enter ----------------------------------------------------------------

TEST_F(RoomRightsTest, AnOpenRoomIsFoundAndEnteredByAll) {
  EXPECT_TRUE(rights().may_find(eve_, place_of("lab"), now().wall));
  EXPECT_EQ(refusal(join(eve_, "lab")), std::nullopt);
}

TEST_F(RoomRightsTest, AnInvitedRoomIsForItsListAndItsRoles) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  EXPECT_FALSE(rights().may_find(eve_, place_of("lab"), now().wall));
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
  ASSERT_EQ(moderate(ada_, Action::uninvite, "bob"), std::nullopt);
  EXPECT_TRUE(is_in(bob_)) << "a member stays until it leaves";
  for (const Slot slot : {ada_, max_, bob_}) leave(slot, "lab");
  EXPECT_EQ(refusal(join(bob_, "lab")), Reason::no_such_room);
  EXPECT_EQ(refusal(join(ada_, "lab")), std::nullopt);
  EXPECT_EQ(refusal(join(max_, "lab")), std::nullopt);
  ASSERT_EQ(moderate(max_, Action::invite, "eve"), std::nullopt);
  EXPECT_TRUE(rights().may_find(eve_, place_of("lab"), now().wall));
  EXPECT_EQ(refusal(join(eve_, "lab")), std::nullopt);
}

TEST_F(RoomRightsTest, AnInvitationThatWasUsedHasNoEnd) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::invite, "eve", {.seconds = 60}), std::nullopt);
  time_ += seconds{59};
  ASSERT_EQ(refusal(join(eve_, "lab")), std::nullopt);
  leave(eve_, "lab");
  time_ += hours{24 * 365};
  EXPECT_EQ(refusal(join(eve_, "lab")), std::nullopt);
}

TEST_F(RoomRightsTest, AnInvitationThatIsNotUsedEnds) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  time_ += hours{24};
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
}

TEST_F(RoomRightsTest, AHiddenRoomIsInTheListOfItsMembersOnly) {
  ASSERT_EQ(set(ada_, Property::hidden, 1), std::nullopt);
  const std::string name{rooms().name(rooms().next(0)->index)};
  EXPECT_FALSE(rights().may_find(eve_, place_of(name), now().wall));
  std::array<char, 200> out{};
  EXPECT_EQ(chat_->commands.list_rooms(eve_, 0, out, now().wall).bytes, 0U);
  const auto listed = chat_->commands.list_rooms(bob_, 0, out, now().wall);
  EXPECT_EQ(std::string_view(out.data(), listed.bytes), name + "\t3\tin");
  EXPECT_EQ(refusal(join(eve_, "lab")), Reason::no_such_room);
  EXPECT_EQ(refusal(join(eve_, name)), std::nullopt) << "its name finds it";
  lab_ = name;
}

TEST_F(RoomRightsTest, OneAnswerForEverythingThatAMemberMayNotEnter) {
  ASSERT_TRUE(make(ada_, "den"));
  ASSERT_EQ(moderate_in(place_of("den"), ada_, Action::ban, "eve"), std::nullopt);
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  for (int i = 0; i < 31; ++i) ASSERT_TRUE(make(eve_, "room" + std::to_string(i)));
  for (const char* name : {"lab", "den", "attic", ""}) {
    EXPECT_EQ(refusal(join(eve_, name)), Reason::no_such_room) << name;
  }
  ASSERT_TRUE(rooms().make_kept("open", now()));
  EXPECT_EQ(refusal(join(eve_, "open")), Reason::too_many_rooms);
}

// So that the time of an answer does not tell a room that is there from one that is not.
TEST_F(RoomRightsTest, TheSameNumberOfLookupsIsMadeForEachRoom) {
  const auto lookups = [&](Slot member, state::RoomId room) {
    const std::uint64_t before = rules().lookups();
    (void)rights().entry_of(member, room, now().wall);
    return rules().lookups() - before;
  };
  ASSERT_TRUE(make(ada_, "den"));
  ASSERT_EQ(moderate_in(place_of("den"), ada_, Action::ban, "zoe"), std::nullopt);
  ASSERT_EQ(moderate_in(place_of("den"), ada_, Action::ban, "eve"), std::nullopt);
  ASSERT_TRUE(make(ada_, "attic"));
  ASSERT_EQ(moderate_in(place_of("attic"), ada_, Action::ban, "zoe"), std::nullopt);
  ASSERT_TRUE(rules().add(test::ban_of_network("192.0.2.0/24")));
  const Slot zoe = enter("zoe", 9, "198.51.100.1:5").slot;  // banned by its name
  for (const Slot member : {ada_, max_, bob_, eve_, zoe}) {
    const std::uint64_t none = lookups(member, RoomRights::kNoRoom);
    EXPECT_GE(none, 4U);
    for (const auto room : {lab()->id, id_of("den"), id_of("attic"), state::kDefaultRoom}) {
      EXPECT_EQ(lookups(member, room), none);
    }
  }
}

TEST_F(RoomRightsTest, ABanOfANameDoesNotHitAPersonWithARole) {
  quit(max_);
  // No member has the name, and no rule knows it.
  ASSERT_EQ(moderate(ada_, Action::ban, "zoe"), std::nullopt);
  const Slot zoe = enter("zoe", 2).slot;  // the moderator's key
  EXPECT_TRUE(rights().may_enter(zoe, lab(), now().wall));
  quit(zoe);
  const Slot other = enter("zoe", 9).slot;
  EXPECT_FALSE(rights().may_enter(other, lab(), now().wall));
}

TEST_F(RoomRightsTest, ARuleOfANameDoesNotHideOneOfTheNetwork) {
  const Slot zoe = enter("zoe", 9, "192.0.2.1:5").slot;
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "zoe"), std::nullopt);
  ASSERT_TRUE(rules().add(test::rule_for(state::RuleKind::mute, "zoe")));
  EXPECT_FALSE(rights().is_muted(zoe, now().wall)) << "it has a role";
  auto mute = test::ban_of_network("192.0.2.0/24");
  mute.kind = state::RuleKind::mute;
  ASSERT_TRUE(rules().add(mute));
  EXPECT_TRUE(rights().is_muted(zoe, now().wall));
}

// eve logs in as ada, who is not there, and a moderator bans that name.
TEST_F(RoomRightsTest, AnOwnerOfTheDefaultRoomLogsInUnderABannedName) {
  const auto all = Where{};
  ASSERT_EQ(moderate_in(all, std::nullopt, Action::owner, "ada"), std::nullopt);
  ASSERT_EQ(moderate_in(all, std::nullopt, Action::moderator, "max"), std::nullopt);
  quit(ada_);
  const auto text = enter_text("ada");
  ASSERT_EQ(moderate_in(all, max_, Action::ban, "ada"), std::nullopt);
  ASSERT_EQ(removals_.size(), 1U);
  quit(text.slot);
  chat_->changes.removed();
  EXPECT_EQ(enter("ada", 9).reason, Reason::banned);
  const auto ada = enter("ada", 1);
  EXPECT_EQ(ada.status, Sessions::Status::admitted);
  EXPECT_TRUE(banned_members(sessions(), rules(), now().wall).empty());
  restart();
  EXPECT_TRUE(sessions().find_name("ada"));
}

TEST_F(RoomRightsTest, ARefusedEntryIsAHitOfTheBan) {
  ASSERT_EQ(moderate(ada_, Action::ban, "eve"), std::nullopt);
  EXPECT_FALSE(join(eve_, "lab"));
  EXPECT_FALSE(join(eve_, "lab"));
  const auto ban = rights().ban_of(eve_, lab()->id, now().wall);
  ASSERT_TRUE(ban);
  EXPECT_EQ(rules().row(*ban).hits.load(), 2U);
}

// --- write -------------------------------------------------------------------------

TEST_F(RoomRightsTest, AMuteInARoomHoldsThereOnly) {
  ASSERT_EQ(moderate(max_, Action::mute, "bob", {.seconds = 60}), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::muted);
  EXPECT_EQ(say_to_all(bob_), std::nullopt);
  EXPECT_FALSE(rights().is_muted(bob_, now().wall));
  const auto rule =
      rules().find(state::RuleKind::mute, sessions().subject(bob_), lab()->id, now().wall);
  EXPECT_EQ(rules().row(rule.value()).hits.load(), 1U);
  time_ += seconds{60};
  EXPECT_EQ(say(bob_), std::nullopt);
}

TEST_F(RoomRightsTest, AMuteInTheServerHoldsEverywhere) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::mute, "bob"), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::muted);
  EXPECT_EQ(say_to_all(bob_), Reason::muted);
  const auto direct = chat_->commands.receiver_of({.slot = bob_, .now = now()}, "ada");
  EXPECT_EQ(direct.error(), Reason::muted);
  EXPECT_EQ(refusal(make(bob_, "den")), Reason::muted);
  EXPECT_TRUE(rights().is_muted(bob_, now().wall));
  ASSERT_EQ(moderate(ada_, Action::moderator, "bob"), std::nullopt);
  EXPECT_EQ(topic(bob_, "mine"), Reason::muted);
  EXPECT_EQ(moderate(bob_, Action::kick, "eve", {.reason = "read this"}), Reason::muted);
}

TEST_F(RoomRightsTest, AMemberReceivesTheReasonOfAMuteInTheServer) {
  std::array<char, wire::kMaxPhraseBytes> out{};
  const auto text = [&] {
    return chat_->commands.refusal_text(bob_, Reason::muted, wire::Language::en, out, now().wall);
  };
  ASSERT_EQ(moderate(ada_, Action::mute, "bob", {.reason = "noise"}), std::nullopt);
  EXPECT_EQ(text(), wire::row_of(Reason::muted).server.en) << "of a mute in a room";
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::mute, "bob",
                        {.seconds = 60, .reason = "spam"}),
            std::nullopt);
  EXPECT_EQ(text(), "muted until 1970-01-01 00:03 UTC: spam");
  chat_->native.say(order(bob_, 5000), state::RecordKind::say, {}, "hello");
  EXPECT_EQ(last_text(bob_), "muted until 1970-01-01 00:03 UTC: spam");
  time_ += seconds{60};
  EXPECT_EQ(text(), wire::row_of(Reason::muted).server.en);
  EXPECT_EQ(
      chat_->commands.refusal_text(bob_, Reason::lecture, wire::Language::zh, out, now().wall),
      wire::row_of(Reason::lecture).server.zh);
}

TEST_F(RoomRightsTest, InALectureOnlyRolesWrite) {
  ASSERT_EQ(set(ada_, Property::lecture, 1), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::lecture);
  EXPECT_EQ(say(ada_), std::nullopt);
  EXPECT_EQ(say(max_), std::nullopt);
  ASSERT_EQ(set(ada_, Property::lecture, 0), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
}

TEST_F(RoomRightsTest, SlowModeIsForEachPersonWithoutARole) {
  ASSERT_EQ(set(max_, Property::slow, 10), std::nullopt);
  const Slot again = enter("bob2", 3).slot;  // bob's key
  ASSERT_TRUE(join(again, "lab"));
  ASSERT_TRUE(join(eve_, "lab"));
  EXPECT_EQ(say(bob_), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::slow_mode);
  EXPECT_EQ(say(again), Reason::slow_mode);
  EXPECT_EQ(say(eve_), std::nullopt);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(say(max_), std::nullopt);
  time_ += seconds{10} - Micros{1};
  EXPECT_EQ(say(bob_), Reason::slow_mode);
  time_ += Micros{1};
  EXPECT_EQ(say(bob_), std::nullopt);
  ASSERT_EQ(set(max_, Property::slow, 0), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
}

TEST_F(RoomRightsTest, SlowModeContinuesAfterALeaveAndAJoin) {
  ASSERT_EQ(set(ada_, Property::slow, 60), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
  leave(bob_, "lab");
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_EQ(say(bob_), Reason::slow_mode);
  quit(bob_);
  bob_ = enter("robert", 3).slot;
  ASSERT_TRUE(join(bob_, "lab"));
  EXPECT_EQ(say(bob_), Reason::slow_mode);
}

TEST_F(RoomRightsTest, ARefusedTextDoesNotCountInSlowMode) {
  ASSERT_EQ(set(ada_, Property::slow, 60), std::nullopt);
  EXPECT_EQ(say(bob_, ""), Reason::text_empty);
  EXPECT_EQ(say(bob_), std::nullopt);
}

TEST_F(RoomRightsTest, ARoomHasARateForAllMembersTogether) {
  ASSERT_TRUE(join(eve_, "lab"));
  std::uint32_t said = 0;
  while (!say(said % 2 == 0 ? bob_ : eve_)) ++said;
  EXPECT_EQ(said, RoomRates::kOfARoom);
  EXPECT_EQ(say(eve_), Reason::room_too_fast);
  EXPECT_EQ(say_to_all(bob_), std::nullopt);
  ASSERT_TRUE(make(eve_, "den"));
  EXPECT_TRUE(chat_->commands.say_in({.slot = eve_, .now = now()}, id_of("den"),
                                     state::RecordKind::say, "hello"));
  time_ += milliseconds{20};
  EXPECT_EQ(say(bob_), std::nullopt);
  EXPECT_EQ(say(bob_), Reason::room_too_fast);
  EXPECT_EQ(chat_->rights.too_fast(*lab()), 3U);
  EXPECT_EQ(chat_->rights.too_fast({.id = state::RoomId{99}, .index = lab()->index}), 0U)
      << "another room in the same row";
}

// mal has ten keys of one network; zoe and the owner are members of other ones.
TEST_F(RoomRightsTest, OneNetworkWithManyKeysCanNotTireARoom) {
  const Slot zoe = enter("zoe", 50, "192.0.2.2:5").slot;
  std::vector<Slot> mal;
  for (int i = 0; i < 10; ++i) {
    mal.push_back(enter("mal" + std::to_string(i), 60 + i, "192.0.2.1:5").slot);
    ASSERT_TRUE(join(mal.back(), "lab"));
  }
  ASSERT_TRUE(join(zoe, "lab"));
  std::uint32_t said = 0;
  for (int tenth = 0; tenth < 100; ++tenth) {
    for (const Slot one : mal) said += say(one) ? 0U : 1U;
    EXPECT_EQ(say(zoe), std::nullopt);
    EXPECT_EQ(say(ada_), std::nullopt);
    time_ += milliseconds{100};
  }
  EXPECT_LE(said, RoomRates::kOfANetwork + 10 * RoomRates::kOfANetworkPerSecond);
}

TEST_F(RoomRightsTest, OwnersAndModeratorsWriteInARoomThatOthersUseUp) {
  while (!say(bob_)) {
  }
  std::uint32_t said = 0;
  while (!say(said % 2 == 0 ? ada_ : max_)) ++said;
  EXPECT_EQ(said, RoomRates::kOfRoles);
  EXPECT_EQ(say(max_), Reason::room_too_fast);
}

TEST_F(RoomRightsTest, ARefusedMessageDoesNotUseUpTheRateOfTheRoom) {
  ASSERT_EQ(set(ada_, Property::slow, 60), std::nullopt);
  EXPECT_EQ(say(bob_), std::nullopt);
  for (std::uint32_t i = 0; i < 2 * RoomRates::kOfARoom; ++i) {
    EXPECT_EQ(say(bob_), Reason::slow_mode);
  }
  EXPECT_EQ(say(ada_), std::nullopt);
}

// --- text members ------------------------------------------------------------------

class TextRightsTest : public ModerationFixture {
 protected:
  TextRightsTest() : tex_{enter_text("tex").slot} {
    EXPECT_EQ(moderate_in(std::nullopt, std::nullopt, Action::owner, "ada"), std::nullopt);
  }
  Slot tex_;
};

TEST_F(TextRightsTest, ATextMemberIsMutedByItsName) {
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::mute, "TEX"), std::nullopt);
  const auto said = chat_->text.say(tex_, "hello", now());
  EXPECT_EQ(said.status, TextCommands::SayStatus::refused);
  EXPECT_EQ(said.reason, Reason::muted);
  EXPECT_EQ(chat_->text.say(tex_, " ", now()).status, TextCommands::SayStatus::empty);
  ASSERT_EQ(moderate_in(std::nullopt, ada_, Action::unmute, "tex"), std::nullopt);
  EXPECT_EQ(chat_->text.say(tex_, "hello", now()).status, TextCommands::SayStatus::said);
}

TEST_F(TextRightsTest, ALectureInTheDefaultRoomIsForTextMembersToo) {
  ASSERT_TRUE(
      moderation().set(acting(ada_), std::nullopt, {.property = Property::lecture, .value = 1}));
  EXPECT_EQ(chat_->text.say(tex_, "hello", now()).reason, Reason::lecture);
  EXPECT_EQ(say_to_all(bob_), Reason::lecture);
  EXPECT_EQ(say_to_all(ada_), std::nullopt);
}

}  // namespace
}  // namespace chatd::chat
