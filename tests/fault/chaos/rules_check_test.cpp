// SPDX-License-Identifier: GPL-3.0-or-later
// A valid order has no violations of the rules; each kind of violation is planted and found.
#include "tests/fault/chaos/rules_check.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fault/chaos/room_change.hpp"

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

// ada has made the room.
class RulesCheckTest : public ::testing::Test {
 protected:
  void add(RecordKind kind, std::string name, std::string text = {}) {
    room_.push_back({.kind = kind,
                     .name = std::move(name),
                     .text = std::move(text),
                     .time = WallTime{Micros{static_cast<int>(room_.size())}}});
  }
  void join(std::string name) { add(RecordKind::join, std::move(name)); }
  void leave(std::string name) { add(RecordKind::leave, std::move(name)); }
  void say(std::string name) { add(RecordKind::say, std::move(name), "hello"); }
  void moderate(std::string by, ModerateAction action, std::string_view name) {
    add(RecordKind::moderated, std::move(by), record_text({.action = action, .name = name}));
  }
  void remove(std::string by, ModerateAction action, std::string name) {
    moderate(std::move(by), action, name);
    add(RecordKind::kick, std::move(name));
  }
  void set(RoomProperty property, std::uint16_t value, std::string by = "ada") {
    add(RecordKind::set, std::move(by), record_text({.property = property, .value = value}));
  }
  [[nodiscard]] RulesCheck check() const {
    std::vector<const Heard*> order;
    for (const Heard& heard : room_) order.push_back(&heard);
    return RulesCheck{order, before_};
  }
  void expect_violation(std::string_view text) const {
    EXPECT_THAT(check().violations(), ElementsAre(HasSubstr(text)));
  }
  // Whether the user whose join is at the place `join` may read what is at `place`.
  [[nodiscard]] bool may_read(std::size_t place, std::size_t join) const {
    return check().may_read(room_[join].name, place, join + 1);
  }
  void expect_none() const { EXPECT_THAT(check().violations(), IsEmpty()); }

  std::vector<Heard> room_;
  RoomRules before_{"ada"};
};

TEST_F(RulesCheckTest, FindsAMessageOfAMutedMember) {
  moderate("ada", ModerateAction::mute, "bob");
  moderate("ada", ModerateAction::unmute, "bob");
  say("bob");
  expect_none();
  moderate("ada", ModerateAction::mute, "bob");
  say("bob");
  expect_violation("said by a muted member");
}

TEST_F(RulesCheckTest, FindsAMuteFromBeforeTheOrder) {
  moderate("ada", ModerateAction::mute, "bob");
  before_.apply(room_.back());
  room_.clear();
  say("bob");
  expect_violation("said by a muted member");
}

TEST_F(RulesCheckTest, FindsAMessageWithoutARoleInALecture) {
  set(RoomProperty::lecture, 1);
  moderate("ada", ModerateAction::moderator, "bob");
  say("ada");
  say("bob");
  expect_none();
  say("cy");
  expect_violation("said in a lecture");
}

TEST_F(RulesCheckTest, FindsAJoinOfABannedUser) {
  join("bob");
  remove("ada", ModerateAction::ban, "bob");
  moderate("ada", ModerateAction::unban, "bob");
  join("bob");
  expect_none();
  remove("ada", ModerateAction::ban, "bob");
  join("bob");
  expect_violation("came in and is banned");
}

TEST_F(RulesCheckTest, FindsAMemberThatStaysAfterAKickOrABan) {
  for (const ModerateAction action : {ModerateAction::kick, ModerateAction::ban}) {
    room_.clear();
    join("bob");
    moderate("ada", action, "bob");
    say("ada");
    expect_violation("bob was kicked or banned, and is still in the room at");
  }
}

TEST_F(RulesCheckTest, ABanOfAUserThatIsNotInTheRoomHasNoKick) {
  moderate("ada", ModerateAction::ban, "bob");
  say("ada");
  expect_none();
}

TEST_F(RulesCheckTest, FindsAJoinWithoutAnInvitation) {
  join("ada");
  join("bob");
  set(RoomProperty::invited, 1);
  leave("bob");
  join("bob");
  moderate("ada", ModerateAction::invite, "cy");
  join("cy");
  expect_none();
  join("dan");
  expect_violation("came in and is not invited");
}

TEST_F(RulesCheckTest, AKickEndsTheInvitation) {
  join("bob");
  set(RoomProperty::invited, 1);
  remove("ada", ModerateAction::kick, "bob");
  join("bob");
  expect_violation("came in and is not invited");
}

TEST_F(RulesCheckTest, FindsAChangeWithoutTheRight) {
  moderate("ada", ModerateAction::moderator, "bob");
  add(RecordKind::topic, "bob", "tea");
  set(RoomProperty::slow, 5, "bob");
  moderate("bob", ModerateAction::mute, "cy");
  add(RecordKind::topic, "", "by the administrator");
  expect_none();
  for (const auto& change :
       {std::function{[&] { add(RecordKind::topic, "cy", "tea"); }},
        std::function{[&] { set(RoomProperty::lecture, 1, "bob"); }},
        std::function{[&] { moderate("cy", ModerateAction::kick, "dan"); }},
        std::function{[&] { moderate("bob", ModerateAction::moderator, "dan"); }}}) {
    change();
    EXPECT_THAT(check().violations(), ::testing::Contains(HasSubstr("without the right")));
    room_.pop_back();
  }
}

TEST_F(RulesCheckTest, FindsAKickOfAnEqualOrHigherRole) {
  moderate("ada", ModerateAction::moderator, "bob");
  moderate("ada", ModerateAction::moderator, "cy");
  moderate("bob", ModerateAction::kick, "cy");
  expect_violation("done to a member whose role is not lower");
}

TEST_F(RulesCheckTest, FindsAChangeOfAMutedModerator) {
  moderate("ada", ModerateAction::moderator, "bob");
  moderate("ada", ModerateAction::mute, "bob");
  set(RoomProperty::slow, 5, "bob");
  expect_none();
  add(RecordKind::topic, "bob", "tea");
  expect_violation("changed by a muted member");
}

TEST_F(RulesCheckTest, AMessageIsRefusedForAMuteOrALectureOnly) {
  moderate("ada", ModerateAction::mute, "bob");
  moderate("ada", ModerateAction::unmute, "bob");
  EXPECT_TRUE(check().may_refuse("bob", "muted"));
  EXPECT_FALSE(check().may_refuse("cy", "muted"));
  EXPECT_FALSE(check().may_refuse("bob", "lecture"));
  set(RoomProperty::lecture, 1);
  EXPECT_TRUE(check().may_refuse("bob", "lecture"));
}

// bob is a member while the room becomes one for invited members; cy is invited later.
TEST_F(RulesCheckTest, OnlyMembersOfThatTimeReadWhatWasSaidForInvitedMembers) {
  join("ada");
  join("bob");
  set(RoomProperty::invited, 1);
  leave("bob");
  say("ada");  // 4
  moderate("ada", ModerateAction::invite, "cy");
  join("bob");  // 6
  join("cy");   // 7
  leave("cy");
  say("ada");  // 9
  join("cy");  // 10
  expect_none();
  EXPECT_TRUE(may_read(4, 6));
  EXPECT_FALSE(may_read(4, 7));
  EXPECT_TRUE(may_read(1, 7));
  EXPECT_TRUE(may_read(9, 10));
  EXPECT_FALSE(may_read(4, 10));
}

// The second program of a member has no join record.
TEST_F(RulesCheckTest, ASecondProgramReadsWhatItsUserMayRead) {
  join("ada");
  join("bob");
  set(RoomProperty::invited, 1);
  say("ada");  // 3
  EXPECT_TRUE(check().may_read("bob", 3, 4));
  EXPECT_FALSE(check().may_read("cy", 3, 4));
  remove("ada", ModerateAction::kick, "bob");
  EXPECT_TRUE(check().may_read("bob", 3, 4));
  EXPECT_FALSE(check().may_read("bob", 3, 6));
}

TEST_F(RulesCheckTest, AKickEndsWhatAMemberMayRead) {
  join("bob");
  set(RoomProperty::invited, 1);
  remove("ada", ModerateAction::kick, "bob");
  say("ada");  // 4
  moderate("ada", ModerateAction::invite, "bob");
  join("bob");  // 6
  EXPECT_FALSE(may_read(4, 6));
}

TEST_F(RulesCheckTest, AnOpenedRoomDoesNotShowWhatWasSaidBefore) {
  set(RoomProperty::invited, 1);
  say("ada");  // 1
  set(RoomProperty::invited, 0);
  say("ada");  // 3
  join("bob");
  EXPECT_FALSE(may_read(1, 4));
  EXPECT_TRUE(may_read(3, 4));
}

}  // namespace
}  // namespace chatd::test
