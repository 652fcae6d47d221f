// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/moderation.hpp"

#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Reason;

class ModerationTest : public ModerationFixture {
 protected:
  explicit ModerationTest(const state::Geometry& geometry = kManyRooms)
      : ModerationFixture{geometry} {}
  std::size_t changes() {
    std::size_t count = 0;
    for (const auto& record : test::records_of(log_of(lab_))) {
      if (record.kind == state::RecordKind::moderated || record.kind == state::RecordKind::set ||
          record.kind == state::RecordKind::topic) {
        ++count;
      }
    }
    return count;
  }
};

// --- topic and properties ------------------------------------------------------------

TEST_F(ModerationTest, ATopicIsARecordAndAProperty) {
  ASSERT_EQ(topic(max_, "Physics\n11"), std::nullopt);
  const auto& set = topic_of(rights().properties(lab()));
  EXPECT_EQ(view_of(set.text), "Physics 11");
  EXPECT_EQ(view_of(set.by), "max");
  EXPECT_EQ(set.set_wall, now().wall.time_since_epoch().count());
  const auto record = test::records_of(log_of("lab")).back();
  EXPECT_EQ(record.kind, state::RecordKind::topic);
  EXPECT_EQ(record.name, "max");
  EXPECT_EQ(record.text, "Physics 11");
  EXPECT_EQ(record.sender, sessions().sender(max_));
  ASSERT_EQ(topic(std::nullopt, ""), std::nullopt);
  EXPECT_EQ(view_of(topic_of(rights().properties(lab())).text), "");
  EXPECT_EQ(test::records_of(log_of("lab")).back().name, "");
}

TEST_F(ModerationTest, ATopicIsRefused) {
  EXPECT_EQ(topic(bob_, "mine"), Reason::no_right);
  EXPECT_EQ(topic(ada_, "\xff"), Reason::text_not_utf8);
  EXPECT_EQ(topic(ada_, std::string(state::kMaxTopicBytes + 1, 'x')), Reason::text_too_long);
  EXPECT_EQ(topic(ada_, std::string(state::kMaxTopicBytes, 'x')), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::mute, "max"), std::nullopt);
  EXPECT_EQ(topic(max_, "mine"), Reason::muted);
  EXPECT_EQ(changes(), 3U) << "with that of the fixture";
}

TEST_F(ModerationTest, EachPropertyNeedsItsRole) {
  for (const Property property : {Property::invited, Property::lecture, Property::hidden}) {
    EXPECT_EQ(set(max_, property, 1), Reason::no_right);
    EXPECT_EQ(set(bob_, property, 1), Reason::no_right);
  }
  EXPECT_EQ(set(bob_, Property::slow, 5), Reason::no_right);
  EXPECT_EQ(set(max_, Property::slow, 5), std::nullopt);
  EXPECT_EQ(set(ada_, Property::history, 30), std::nullopt);
  EXPECT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  EXPECT_EQ(set(std::nullopt, Property::lecture, 1), std::nullopt);
  EXPECT_EQ(set(ada_, Property::name, 0), Reason::no_right);
  const auto& properties = rights().properties(lab());
  EXPECT_EQ(properties.slow_seconds.load(), 5);
  EXPECT_EQ(properties.history.load(), 30);
  EXPECT_TRUE(properties.is_invited.load());
  EXPECT_TRUE(properties.is_lecture.load());
  EXPECT_FALSE(properties.is_hidden.load());
  EXPECT_EQ(set(ada_, Property::invited, 0), std::nullopt);
  EXPECT_FALSE(properties.is_invited.load());
}

TEST_F(ModerationTest, TheDefaultRoomIsNeitherInvitedNorHidden) {
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::owner, "ada"), std::nullopt);
  for (const Property property : {Property::invited, Property::hidden}) {
    EXPECT_FALSE(moderation().set(acting(ada_), std::nullopt, {.property = property, .value = 1}));
    EXPECT_FALSE(
        moderation().set(acting(std::nullopt), std::nullopt, {.property = property, .value = 1}));
  }
  EXPECT_EQ(moderate_in(std::nullopt, ada_, Action::invite, "bob"), Reason::no_right);
  EXPECT_TRUE(
      moderation().set(acting(ada_), std::nullopt, {.property = Property::slow, .value = 3}));
  EXPECT_EQ(state_.properties(std::nullopt).slow_seconds.load(), 3);
}

TEST_F(ModerationTest, ARoomThatBecomesHiddenHasRandomCharactersInItsName) {
  ASSERT_EQ(set(ada_, Property::hidden, 1), std::nullopt);
  EXPECT_FALSE(exists("lab"));
  const std::string first{rooms().name(rooms().next(0)->index)};
  EXPECT_THAT(first, ::testing::MatchesRegex("lab-[bcdfghjkmnpqrstvwxyz2-9]+"));
  EXPECT_EQ(first.size(), 12U);
  EXPECT_EQ(place_of(first).index, rooms().next(0)->index);
  const auto records = test::records_of(log_of(first));
  const auto renamed = wire::read_setting(records[records.size() - 2].text).value();
  EXPECT_EQ(renamed.property, Property::name);
  EXPECT_EQ(renamed.name, first);
  const auto hidden = wire::read_setting(records.back().text).value();
  EXPECT_EQ(hidden.property, Property::hidden);
  // Listed again, it keeps the name; hidden again, it gets another end.
  lab_ = first;
  ASSERT_EQ(set(ada_, Property::hidden, 1), std::nullopt) << "as it is";
  EXPECT_TRUE(exists(first));
  ASSERT_EQ(set(ada_, Property::hidden, 0), std::nullopt);
  ASSERT_EQ(set(ada_, Property::hidden, 1), std::nullopt);
  const std::string second{rooms().name(rooms().next(0)->index)};
  EXPECT_NE(second, first);
  EXPECT_EQ(second.size(), first.size());
  EXPECT_EQ(refusal(make(eve_, "lab")), std::nullopt) << "the name is free";
}

TEST_F(ModerationTest, ALongNameIsCutWhenTheRoomBecomesHidden) {
  for (const std::string& name :
       {std::string(32, 'x'), std::string("課課課課課課課課課課課課課課課課課課課課")}) {
    ASSERT_TRUE(make(ada_, name));
    const auto place = place_of(name);
    ASSERT_TRUE(moderation().set(acting(ada_), place, {.property = Property::hidden, .value = 1}));
    const std::string hidden{rooms().name(place.index)};
    EXPECT_TRUE(wire::check_name(hidden)) << hidden;
    EXPECT_EQ(hidden.substr(0, 6), name.substr(0, 6));
    EXPECT_EQ(hidden[hidden.size() - 9], '-');
  }
}

TEST_F(ModerationTest, TheAdministratorRenamesARoom) {
  const auto place = place_of("lab");
  EXPECT_EQ(take(moderation().rename(acting(std::nullopt), place, "Art")), std::nullopt);
  EXPECT_EQ(place_of("art"), place);
  EXPECT_FALSE(exists("lab"));
  EXPECT_EQ(take(moderation().rename(acting(std::nullopt), place, "ART")), std::nullopt);
  EXPECT_EQ(rooms().name(place.index), "ART");
  ASSERT_TRUE(make(eve_, "lab"));
  for (const char* name : {"lab", "chat", "a b", "", "#x"}) {
    EXPECT_NE(take(moderation().rename(acting(std::nullopt), place, name)), std::nullopt) << name;
  }
  EXPECT_EQ(place_of("art"), place);
  restart();
  EXPECT_EQ(place_of("art"), place);
}

// --- roles -----------------------------------------------------------------------------

TEST_F(ModerationTest, EachActionNeedsItsRole) {
  for (const Action action : {Action::kick, Action::ban, Action::mute, Action::invite,
                              Action::unban, Action::unmute, Action::uninvite}) {
    EXPECT_EQ(moderate(bob_, action, "eve"), Reason::no_right);
    EXPECT_EQ(moderate(eve_, action, "bob"), Reason::no_right) << "a user that is not in the room";
  }
  for (const Action action : {Action::moderator, Action::owner, Action::no_role}) {
    EXPECT_EQ(moderate(max_, action, "bob"), Reason::no_right);
    EXPECT_EQ(moderate(bob_, action, "eve"), Reason::no_right);
    EXPECT_EQ(moderate(bob_, action, "bob"), Reason::no_right);
  }
  EXPECT_EQ(moderate(max_, Action{99}, "bob"), Reason::no_right);
}

TEST_F(ModerationTest, ARoleActsOnLowerOnesOnly) {
  for (const Action action : {Action::kick, Action::ban, Action::mute}) {
    EXPECT_EQ(moderate(max_, action, "ada"), Reason::higher_role);
    EXPECT_EQ(moderate(max_, action, "max"), Reason::higher_role);
    EXPECT_EQ(moderate(ada_, action, "ada"), Reason::higher_role);
  }
  ASSERT_EQ(moderate(ada_, Action::owner, "bob"), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::moderator, "eve"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::kick, "eve"), Reason::higher_role) << "the same role";
  for (const Action action : {Action::kick, Action::no_role, Action::moderator, Action::mute}) {
    EXPECT_EQ(moderate(ada_, action, "bob"), Reason::higher_role);
  }
  EXPECT_EQ(moderate(ada_, Action::mute, "max"), std::nullopt);
  EXPECT_EQ(moderate(max_, Action::unmute, "max"), Reason::muted);
  EXPECT_EQ(moderate(ada_, Action::unmute, "max"), std::nullopt);
  EXPECT_EQ(moderate(std::nullopt, Action::mute, "ada"), std::nullopt);
}

TEST_F(ModerationTest, TheLastOwnerStaysAnOwner) {
  EXPECT_EQ(moderate(ada_, Action::no_role, "ada"), Reason::last_owner);
  EXPECT_EQ(moderate(ada_, Action::moderator, "ada"), Reason::last_owner);
  EXPECT_EQ(moderate(std::nullopt, Action::no_role, "ada"), Reason::last_owner);
  ASSERT_EQ(moderate(std::nullopt, Action::ban, "ada"), std::nullopt);
  EXPECT_EQ(role_of(ada_), Role::owner);
  EXPECT_FALSE(is_in(ada_));
  ASSERT_EQ(moderate(std::nullopt, Action::unban, "ada"), std::nullopt);
  ASSERT_TRUE(join(ada_, "lab"));
  ASSERT_EQ(moderate(ada_, Action::owner, "bob"), std::nullopt);
  EXPECT_EQ(moderate(ada_, Action::moderator, "ada"), std::nullopt);
  EXPECT_EQ(role_of(ada_), Role::moderator);
  EXPECT_EQ(moderate(ada_, Action::no_role, "ada"), std::nullopt);
  EXPECT_EQ(role_of(ada_), Role::none);
  EXPECT_EQ(moderate(bob_, Action::no_role, "bob"), Reason::last_owner);
}

TEST_F(ModerationTest, AMemberHasOneRole) {
  ASSERT_EQ(moderate(ada_, Action::owner, "max"), std::nullopt);
  EXPECT_EQ(role_of(max_), Role::owner);
  ASSERT_EQ(moderate(max_, Action::moderator, "max"), std::nullopt);
  EXPECT_EQ(role_of(max_), Role::moderator);
  ASSERT_EQ(moderate(ada_, Action::moderator, "max"), std::nullopt) << "as it is";
  ASSERT_EQ(moderate(ada_, Action::no_role, "max"), std::nullopt);
  EXPECT_EQ(role_of(max_), Role::none);
  EXPECT_EQ(moderate(ada_, Action::no_role, "max"), Reason::no_such_rule);
}

TEST_F(ModerationTest, TheFormerNameOfAnOwnerHasNoRole) {
  ASSERT_EQ(moderate(ada_, Action::owner, "bob"), std::nullopt);
  quit(ada_);
  ada_ = enter("lovelace", 1).slot;
  const Slot other = enter("ada", 9).slot;
  ASSERT_EQ(moderate(bob_, Action::moderator, "ada"), std::nullopt);
  EXPECT_EQ(role_of(other), Role::moderator);
  ASSERT_EQ(moderate(bob_, Action::no_role, "ada"), std::nullopt);
  ASSERT_EQ(moderate(bob_, Action::ban, "ada"), std::nullopt);
  EXPECT_EQ(role_of(other), Role::none);
  EXPECT_EQ(role_of(ada_), Role::owner);
}

TEST_F(ModerationTest, RolesAndInvitationsNeedAMemberWithAKey) {
  ASSERT_EQ(enter_text("tex").status, Sessions::Status::admitted);
  for (const Action action : {Action::moderator, Action::owner, Action::invite}) {
    EXPECT_EQ(moderate(ada_, action, "tex"), Reason::not_native);
    EXPECT_EQ(moderate(ada_, action, "zoe"), Reason::no_such_member);
    EXPECT_EQ(moderate(ada_, action, ""), Reason::no_such_member);
    EXPECT_EQ(moderate(ada_, action, "a b"), Reason::no_such_member);
  }
}

class ModerationOfOwnersTest : public ModerationFixture {
 protected:
  ModerationOfOwnersTest()
      : ModerationFixture{{.sessions = 70,
                           .ring_bytes = 16384,
                           .rooms = 48,
                           .room_ring_bytes = 16384,
                           .names = 4}} {}
};

TEST_F(ModerationOfOwnersTest, AnInvitationIsForTheOwnerOfTheNameAlsoWhileItIsAway) {
  const auto person = sessions().person(eve_);
  const auto name = wire::check_name("eve").value();
  ASSERT_TRUE(chat_->names.claim(
      {.name = name, .person = person, .key = crypto::sha256({sessions().identity(eve_)})},
      now().wall));
  quit(eve_);
  EXPECT_EQ(moderate(ada_, Action::invite, "EVE"), std::nullopt);
  EXPECT_TRUE(rules().has(state::RuleKind::invitation, person, lab()->id, now().wall));
  ASSERT_EQ(moderate(ada_, Action::ban, "eve"), std::nullopt);
  EXPECT_TRUE(rules().has(state::RuleKind::ban, person, lab()->id, now().wall));
  EXPECT_EQ(moderate(ada_, Action::invite, "eve"), Reason::banned_here);
  EXPECT_EQ(moderate(ada_, Action::invite, "zoe"), Reason::no_such_member);
}

TEST_F(ModerationTest, ARoleIsTakenFromAMemberThatIsAway) {
  quit(max_);
  EXPECT_EQ(moderate(ada_, Action::no_role, "MAX"), std::nullopt);
  max_ = enter("max", 2).slot;
  EXPECT_EQ(role_of(max_), Role::none);
}

TEST_F(ModerationTest, AnOwnerThatIsAwayIsKnownByItsName) {
  ASSERT_EQ(moderate(ada_, Action::owner, "bob"), std::nullopt);
  quit(bob_);
  EXPECT_EQ(moderate(max_, Action::ban, "bob"), Reason::higher_role);
}

// --- limits ----------------------------------------------------------------------------

TEST_F(ModerationTest, ARoomHasALimitForItsRules) {
  for (std::uint32_t i = 0; i < Rules::kRestrictionsOfARoom; ++i) {
    ASSERT_EQ(moderate(max_, Action::ban, "zoe" + std::to_string(i), {.seconds = 60}),
              std::nullopt);
  }
  EXPECT_EQ(moderate(max_, Action::ban, "one-more"), Reason::room_rules_full);
  EXPECT_EQ(moderate(max_, Action::mute, "bob"), Reason::room_rules_full);
  EXPECT_EQ(moderate(max_, Action::ban, "zoe7", {.seconds = 60}), std::nullopt) << "replaced";
  time_ += seconds{60};
  EXPECT_EQ(moderate(max_, Action::mute, "bob"), std::nullopt) << "the others have ended";
}

// Eight users of the teacher's network change the rooms that they have made.
TEST_F(ModerationTest, TheOwnerOfARoomDoesNotWaitForOthersOfItsNetwork) {
  const Slot tea = enter("tea", 50, "192.0.2.1:9").slot;
  ASSERT_TRUE(make(tea, "class"));
  std::uint32_t made = 0;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "mal" + std::to_string(i);
    const Slot mal = enter(name, 100 + i, "192.0.2.1:" + std::to_string(1000 + i)).slot;
    ASSERT_TRUE(make(mal, name));
    ASSERT_TRUE(join(mal, "class"));
    while (!moderation().charge(mal, now().mono)) ++made;
  }
  EXPECT_GE(made, ChangeRates::kOfANetwork);
  const Slot pia = enter("pia", 60, "192.0.2.1:10").slot;
  ASSERT_TRUE(join(pia, "class"));
  EXPECT_TRUE(moderation().charge(pia, now().mono)) << "without a role";
  for (std::uint32_t i = 0; i < ChangeRates::kOfARoom; ++i) {
    EXPECT_FALSE(moderation().charge(tea, now().mono)) << i;
  }
  EXPECT_TRUE(moderation().charge(tea, now().mono));
}

TEST_F(ModerationTest, AModeratorOfTheDefaultRoomDoesNotWaitForOthersOfItsNetwork) {
  const Slot tea = enter("tea", 50, "192.0.2.1:9").slot;
  ASSERT_EQ(moderate_in(std::nullopt, std::nullopt, Action::moderator, "tea"), std::nullopt);
  for (int i = 0; i < 6; ++i) {
    const Slot mal =
        enter("mal" + std::to_string(i), 100 + i, "192.0.2.1:" + std::to_string(1000 + i)).slot;
    while (!moderation().charge(mal, now().mono)) continue;
  }
  EXPECT_FALSE(moderation().charge(tea, now().mono));
}

class NetworkRulesTest : public ModerationTest {
 protected:
  NetworkRulesTest()
      : ModerationTest{
            {.sessions = 40, .ring_bytes = 16384, .rooms = 64, .room_ring_bytes = 16384}} {}
};

// One user with many keys makes as many rooms as its network may, and fills their rules.
TEST_F(NetworkRulesTest, TheRoomsOfOneNetworkDoNotUseUpTheRules) {
  config_.limits.rooms_per_member = 3;
  config_.limits.rooms_per_address = 30;
  std::uint32_t made = 0;
  std::uint32_t rules = 0;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "mal" + std::to_string(i);
    const Slot mal = enter(name, 100 + i, "192.0.2.1:" + std::to_string(1000 + i)).slot;
    for (int k = 0; k < 3; ++k) {
      const auto room = make(mal, name + "-" + std::to_string(k));
      if (!room) continue;
      ++made;
      for (std::uint32_t n = 0; n < Rules::kRestrictionsOfARoom; ++n) {
        if (!moderate_in(room->room, mal, Action::ban, "n" + std::to_string(n))) ++rules;
      }
    }
  }
  EXPECT_EQ(made, 30U);
  EXPECT_EQ(rules, Moderation::kRestrictionsOfANetwork);
  EXPECT_EQ(moderate(max_, Action::ban, "zoe"), std::nullopt);
}

TEST_F(ModerationTest, TheRulesOfARoomEndWithIt) {
  ASSERT_EQ(moderate(max_, Action::ban, "eve"), std::nullopt);
  const std::size_t before = rules().size();
  EXPECT_EQ(before, 3U);
  for (const Slot slot : {ada_, max_, bob_}) leave(slot, "lab");
  tick_after(config_.rooms.linger);
  EXPECT_FALSE(exists("lab"));
  EXPECT_EQ(rules().size(), 0U);
  ASSERT_TRUE(make(eve_, "lab"));
  EXPECT_EQ(role_of(ada_), Role::none);
  EXPECT_EQ(role_of(eve_), Role::owner);
}

TEST_F(ModerationTest, ADroppedRoomTakesItsRulesWithIt) {
  chat_->room_admin.drop(place_of("lab").index, now());
  EXPECT_EQ(rules().size(), 0U);
}

TEST_F(ModerationTest, RoomsAreMadeWhenTheTableIsFullOfRoles) {
  for (std::uint32_t i = 0;; ++i) {
    const auto added = rules().add({.kind = state::RuleKind::moderator,
                                    .target = state::RuleTarget::person,
                                    .person = state::PersonId{1000 + i},
                                    .name = "x",
                                    .now = now().wall});
    if (!added) break;
  }
  ASSERT_EQ(refusal(make(eve_, "den")), std::nullopt);
  EXPECT_EQ(rights().role(eve_, place_of("den"), now().wall), Role::owner);
  EXPECT_EQ(moderate_in(place_of("den"), eve_, Action::moderator, "bob"), Reason::rules_full);
}

// A damaged table may have no row for the owner.
TEST_F(ModerationTest, WithoutARowForItsOwnerNoRoomIsMade) {
  state::RuleTable table{state_};
  while (table.used() < table.capacity()) {
    table.make(state::RuleIndex{table.used()}, {.kind = state::RuleKind::moderator,
                                                .target = state::RuleTarget::person,
                                                .person = state::PersonId{1000 + table.used()},
                                                .name = "x",
                                                .now = now().wall});
  }
  restart();
  const std::uint32_t size = rooms().size();
  EXPECT_EQ(refusal(make(eve_, "den")), Reason::rules_full);
  EXPECT_EQ(rooms().size(), size);
}

}  // namespace
}  // namespace chatd::chat
