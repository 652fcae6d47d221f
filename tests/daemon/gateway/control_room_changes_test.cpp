// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_room_changes.hpp"

#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/control_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using chat::Slot;
using state::RuleKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ControlRoomChangesTest : public ControlFixture {
 protected:
  control::Answer<wire::RoomSetReport> set(std::string_view room, std::string_view property,
                                           std::string_view value) {
    return changes().set(room, property, value);
  }
  control::Answer<wire::RenamedRoomReport> rename(std::string_view room, std::string_view name) {
    return changes().rename(room, name);
  }
  control::Answer<wire::RoomRoleReport> role(RuleKind role, std::string_view room,
                                             std::string_view name, bool remove = false) {
    return changes().role(role, room, name, remove);
  }
  wire::RoomReport describe(std::string_view room) {
    wire::RoomReport report;
    changes().describe(rooms().find(room).value(), report);
    return report;
  }
};

TEST_F(ControlRoomChangesTest, ARoomIsRenamed) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  ASSERT_TRUE(chat().rooms.make_kept("art", now()));
  const auto report = rename("#LAB", "#Physics").value();
  EXPECT_EQ(report.from, "lab");
  EXPECT_EQ(report.to, "Physics");
  EXPECT_TRUE(chat().rooms.find_name("physics"));
  EXPECT_FALSE(chat().rooms.find_name("lab"));
  EXPECT_EQ(rename("physics", "art").error().code, wire::code::kFailed);
  EXPECT_EQ(rename("physics", "#ART").error().message, "there is a room #ART already");
  EXPECT_EQ(rename("physics", "two words").error().code, wire::code::kUsage);
  EXPECT_EQ(rename("lab", "x").error().code, wire::code::kNotFound);
  EXPECT_THAT(rename("chat", "x").error().message, HasSubstr("room.name in the configuration"));
}

TEST_F(ControlRoomChangesTest, PropertiesAreSetAndDescribed) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  EXPECT_EQ(set("lab", "invited", "yes").value().value, "yes");
  EXPECT_TRUE(set("lab", "lecture", "yes"));
  EXPECT_TRUE(set("#lab", "slow", "10"));
  auto lab = describe("lab");
  EXPECT_TRUE(lab.is_invited && lab.is_lecture);
  EXPECT_FALSE(lab.is_hidden);
  EXPECT_EQ(lab.slow_seconds, 10U);
  EXPECT_EQ(lab.enter, "anyone");
  EXPECT_TRUE(set("lab", "enter", "owned"));
  EXPECT_EQ(describe("lab").enter, "owned");
  EXPECT_EQ(set("lab", "enter", "yes").error().message,
            "enter takes anyone, known or owned, not \"yes\"");
  EXPECT_EQ(lab.history, "default");
  EXPECT_TRUE(set("lab", "history", "7d"));
  EXPECT_EQ(describe("lab").history, "7d");
  EXPECT_EQ(set("lab", "history", "yes").error().message,
            "history takes default, off, or days: 1d to 3650d, not \"yes\"");
  EXPECT_TRUE(set("lab", "invited", "no"));
  EXPECT_TRUE(set("lab", "slow", "0"));
  lab = describe("lab");
  EXPECT_FALSE(lab.is_invited);
  EXPECT_EQ(lab.slow_seconds, 0U);
}

TEST_F(ControlRoomChangesTest, ARoomThatBecomesHiddenIsReportedWithItsName) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const std::string name = set("lab", "hidden", "yes").value().room;
  EXPECT_THAT(name, StartsWith("lab-"));
  EXPECT_TRUE(describe(name).is_hidden);
}

TEST_F(ControlRoomChangesTest, AHiddenRoomThatIsRenamedKeepsARandomEnd) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const std::string hidden = set("lab", "hidden", "yes").value().room;
  const std::string end = hidden.substr(hidden.size() - 9);
  const std::string renamed = rename(hidden, "physics").value().to;
  EXPECT_THAT(renamed, ::testing::MatchesRegex("physics-[a-z0-9]{8}"));
  EXPECT_NE(renamed.substr(renamed.size() - 9), end);
  EXPECT_TRUE(chat().rooms.find_name(renamed));
  EXPECT_THAT(rename(renamed, renamed).value().to, ::testing::MatchesRegex("physics-[a-z0-9]{8}"));
  ASSERT_TRUE(set(rooms().rooms().rooms.back().name, "hidden", "no"));
  EXPECT_EQ(rename(rooms().rooms().rooms.back().name, "physics").value().to, "physics");
}

TEST_F(ControlRoomChangesTest, ATopicIsSetWithItsTimeAndRemoved) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  const auto report = set("lab", "topic", "loops\nand more").value();
  EXPECT_EQ(report.property, "topic");
  EXPECT_EQ(report.value, "loops and more");
  const auto lab = describe("lab");
  EXPECT_EQ(lab.topic, "loops and more");
  EXPECT_EQ(lab.topic_by, "");
  EXPECT_THAT(lab.topic_set, StartsWith("20"));
  EXPECT_EQ(set("lab", "topic", std::string(201, 'x')).error().code, wire::code::kTooLong);
  EXPECT_EQ(set("lab", "topic", "").value().value, "");
  EXPECT_EQ(describe("lab").topic_set, "");
}

TEST_F(ControlRoomChangesTest, TheDefaultRoomHasTopicLectureSlowAndHistory) {
  EXPECT_TRUE(set("chat", "topic", "welcome"));
  EXPECT_TRUE(set("chat", "lecture", "yes"));
  EXPECT_TRUE(set("chat", "slow", "5"));
  EXPECT_TRUE(set("chat", "history", "off"));
  EXPECT_EQ(set("chat", "invited", "yes").error().code, wire::code::kFailed);
  EXPECT_EQ(set("chat", "hidden", "yes").error().code, wire::code::kFailed);
  const auto whole = describe("chat");
  EXPECT_EQ(whole.topic, "welcome");
  EXPECT_TRUE(whole.is_lecture);
  EXPECT_EQ(whole.slow_seconds, 5U);
  EXPECT_EQ(whole.history, "off");
}

TEST_F(ControlRoomChangesTest, WrongPropertiesAndValuesAreRefused) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  EXPECT_EQ(set("lab", "colour", "red").error().message,
            "a room has topic, invited, hidden, lecture, slow, enter and history, not \"colour\"");
  EXPECT_EQ(set("lab", "invited", "1").error().message, "invited takes yes or no, not \"1\"");
  for (const char* const value : {"", "-1", "3601", "99999", "10s"}) {
    EXPECT_EQ(set("lab", "slow", value).error().code, wire::code::kUsage) << value;
  }
  EXPECT_EQ(set("no", "slow", "1").error().code, wire::code::kNotFound);
}

TEST_F(ControlRoomChangesTest, RolesAreGivenAndTakenAway) {
  const Slot ada = login("ada");
  login("Bob");
  make(ada, "lab");
  EXPECT_THAT(describe("lab").owners, ElementsAre("ada"));
  const auto made = role(RuleKind::moderator, "lab", "BOB").value();
  EXPECT_EQ(made.name, "Bob");
  EXPECT_EQ(made.role, "moderator");
  EXPECT_THAT(describe("lab").moderators, ElementsAre("Bob"));
  EXPECT_TRUE(role(RuleKind::owner, "lab", "bob"));
  EXPECT_THAT(describe("lab").owners, ElementsAre("Bob", "ada"));
  EXPECT_EQ(role(RuleKind::owner, "lab", "bob", true).value().role, "none");
  EXPECT_THAT(describe("lab").owners, ElementsAre("ada"));
}

TEST_F(ControlRoomChangesTest, OnlyARoleThatIsThereIsTakenAway) {
  const Slot ada = login("ada");
  make(ada, "lab");
  EXPECT_EQ(role(RuleKind::moderator, "lab", "ada", true).error().message,
            "ada is no moderator of #lab");
  EXPECT_EQ(role(RuleKind::owner, "lab", "eve", true).error().code, wire::code::kNotFound);
  EXPECT_EQ(role(RuleKind::owner, "lab", "eve").error().code, wire::code::kNotFound);
  EXPECT_FALSE(role(RuleKind::owner, "lab", "ada", true)) << "the last owner stays";
  EXPECT_THAT(describe("lab").owners, ElementsAre("ada"));
}

TEST_F(ControlRoomChangesTest, ARoleIsTakenAwayUnderAnyNameOfItsMember) {
  const Slot ada = login("ada");
  make(ada, "lab");
  const Slot bob = login("bob");
  const state::Identity key = sessions().identity(bob);
  ASSERT_TRUE(role(RuleKind::moderator, "lab", "bob"));
  quit(bob);
  login("bobby", "127.0.0.1", key);
  EXPECT_TRUE(role(RuleKind::moderator, "lab", "bobby", true));
  EXPECT_THAT(describe("lab").moderators, IsEmpty());
}

TEST_F(ControlRoomChangesTest, ARoleOfAMemberThatIsAwayIsReportedWithItsName) {
  make(login("ada"), "lab");
  const Slot bob = login("Bob");
  ASSERT_TRUE(role(RuleKind::moderator, "lab", "bob"));
  quit(bob);
  EXPECT_EQ(role(RuleKind::moderator, "lab", "BOB", true).value().name, "Bob");
}

TEST_F(ControlRoomChangesTest, AMemberWhoseRoleEndsAndWhoseNameIsBannedIsRemoved) {
  const Slot ada = login("ada");
  const state::Identity key = sessions().identity(ada);
  ASSERT_TRUE(role(RuleKind::moderator, "chat", "ada"));
  quit(ada);
  ASSERT_TRUE(rules().place(RuleKind::ban, {"zed"}, {.uid = 1000, .pid = 77}));
  login("zed", "127.0.0.1", key);
  ASSERT_TRUE(is_in("zed"));
  EXPECT_EQ(role(RuleKind::moderator, "chat", "zed", true).value().role, "none");
  EXPECT_FALSE(is_in("zed"));
  EXPECT_THAT(told_, ElementsAre("banned"));
  EXPECT_EQ(state_.rule_head().change_of.load(), state::kNoChange);
}

TEST_F(ControlRoomChangesTest, EachChangeIsLogged) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  login("ada");
  const test::LogLines lines;
  ASSERT_TRUE(set("lab", "slow", "10"));
  ASSERT_TRUE(set("lab", "topic", "secret text"));
  ASSERT_TRUE(role(RuleKind::owner, "lab", "ada"));
  ASSERT_TRUE(rename("lab", "art"));
  EXPECT_FALSE(set("no", "slow", "10"));
  EXPECT_THAT(lines.messages(),
              ElementsAre("the administrator set slow of #lab to 10",
                          "the administrator set the topic of #lab", "ada is an owner of #lab now",
                          "the administrator renamed #lab to #art"));
  for (const auto& line : lines.all()) {
    EXPECT_EQ(line.field("CHATD_EVENT"), "room");
    EXPECT_NE(line.field("CHATD_CHANGE"), "");
  }
}

}  // namespace
}  // namespace chatd::gateway
