// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_log.hpp"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/log_events.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;

class RuleLogTest : public ::testing::Test {
 protected:
  // Each field that its event always has is there.
  void expect_whole() {
    for (const auto& line : lines_.all()) {
      const auto* const event = sys::find_log_event(line.field("CHATD_EVENT"));
      ASSERT_NE(event, nullptr) << line.message;
      std::istringstream always{std::string{event->fields}};
      for (std::string name; always >> name;) EXPECT_NE(line.field(name), "") << name;
    }
  }
  wire::RuleRow rule_{.id = 7,
                      .kind = "ban",
                      .by_what = "key",
                      .target = "eve",
                      .room = "lab",
                      .until = "2026-11-29T14:05:00.000Z",
                      .reason = "noise"};
  test::LogLines lines_;
};

TEST_F(RuleLogTest, ARuleHasItsTargetRoomEndAndReason) {
  log_rule_made(rule_, "1000");
  EXPECT_THAT(lines_.messages(),
              ElementsAre("key eve is banned in #lab until 2026-11-29 14:05 UTC: noise"));
  const auto& line = lines_.all()[0];
  EXPECT_EQ(line.field("CHATD_EVENT"), "ban");
  EXPECT_EQ(line.field("CHATD_RULE"), "7");
  EXPECT_EQ(line.field("CHATD_USER"), "eve");
  EXPECT_EQ(line.field("CHATD_BY"), "1000");
  EXPECT_EQ(line.field("CHATD_REASON"), "noise");
  EXPECT_EQ(line.field("CHATD_ROOM"), "lab");
  EXPECT_EQ(line.field("CHATD_UNTIL"), "2026-11-29T14:05:00.000Z");
  expect_whole();
}

TEST_F(RuleLogTest, WithoutEndRoomAndReasonTheirFieldsAreMissing) {
  rule_.room = rule_.until = rule_.reason = "";
  rule_.kind = "mute";
  log_rule_made(rule_, "0");
  EXPECT_THAT(lines_.messages(), ElementsAre("key eve is muted without end"));
  for (const char* const name : {"CHATD_REASON", "CHATD_ROOM", "CHATD_UNTIL"}) {
    EXPECT_EQ(lines_.all()[0].field(name), "");
  }
  expect_whole();
}

TEST_F(RuleLogTest, ARemovalHasAnEventOfItsOwn) {
  log_rule_removed(rule_, "1000");
  rule_.kind = "mute";
  rule_.room = "";
  log_rule_removed(rule_, "1000");
  EXPECT_THAT(lines_.messages(),
              ElementsAre("key eve is no longer banned in #lab", "key eve is no longer muted"));
  EXPECT_EQ(lines_.all()[0].field("CHATD_EVENT"), "unban");
  EXPECT_EQ(lines_.all()[1].field("CHATD_EVENT"), "unmute");
  expect_whole();
}

TEST_F(RuleLogTest, AnActionOfAModeratorHasItsRoomTargetEndAndReason) {
  const WallTime now =
      std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + std::chrono::seconds{1};
  wire::Moderation moderation{
      .action = wire::ModerateAction::ban, .seconds = 3'600, .name = "eve", .reason = "noise"};
  log_moderation(moderation, "lab", "ada", now);
  moderation = {.action = wire::ModerateAction::owner, .name = "bob"};
  log_moderation(moderation, "lab", "ada", now);
  ASSERT_EQ(lines_.all().size(), 2U);
  const auto& ban = lines_.all()[0];
  EXPECT_EQ(ban.message, "ada banned eve from #lab until 2026-11-29 01:01 UTC: noise");
  EXPECT_THAT(ban.field("CHATD_UNTIL"), ::testing::StartsWith("2026-11-29T01:00:01"));
  EXPECT_EQ(ban.field("CHATD_REASON"), "noise");
  const auto& owner = lines_.all()[1];
  EXPECT_EQ(owner.message, "ada made bob an owner of #lab");
  EXPECT_EQ(owner.field("CHATD_UNTIL"), "");
  EXPECT_EQ(owner.field("CHATD_REASON"), "");
  expect_whole();
}

TEST_F(RuleLogTest, AnErasureHasTheNumberAndTheAuthorIfThatIsKnown) {
  log_erasure({.number = 7, .is_own = false, .author = "bob"}, "lab", "ada");
  EXPECT_EQ(lines_.all()[0].field("CHATD_CHANGE"), "erase");
  expect_whole();
  log_erasure({.number = 7, .is_own = false, .author = {}}, "lab", "ada");
  EXPECT_THAT(lines_.messages(),
              ElementsAre("ada erased line 7 of bob in #lab", "ada erased line 7 in #lab"));
}

TEST_F(RuleLogTest, EachActionIsASentence) {
  using wire::ModerateAction;
  for (auto action = 1; action <= static_cast<int>(ModerateAction::no_role); ++action) {
    log_moderation({.action = static_cast<ModerateAction>(action), .name = "bob"}, "lab", "ada",
                   WallTime{});
  }
  EXPECT_THAT(
      lines_.messages(),
      ElementsAre("ada removed bob from #lab", "ada banned bob from #lab",
                  "ada lifted the ban of bob in #lab", "ada muted bob in #lab",
                  "ada lifted the mute of bob in #lab", "ada invited bob to #lab",
                  "ada withdrew the invitation of bob to #lab", "ada made bob a moderator of #lab",
                  "ada made bob an owner of #lab", "ada ended the role of bob in #lab"));
}

}  // namespace
}  // namespace chatd::gateway
