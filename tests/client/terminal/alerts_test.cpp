// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using wire::RecordKind;

MonoTime at(int milliseconds) { return MonoTime{std::chrono::milliseconds{milliseconds}}; }

Alerts made(Bell bell, Bell notify) {
  return Alerts{{.bell = bell, .notify = notify, .notifier = {.form = Notifier::Form::osc9}},
                wire::Language::en};
}

// The bytes of the first alert.
std::string alert(const Report& report, Bell bell = Bell::never, Bell notify = Bell::mention) {
  return made(bell, notify).on_report(report, "ada", at(0));
}

TEST(Alerts, AreForTheUserOrForEachMessage) {
  EXPECT_EQ(alert_of(said("bob", "hello"), "ada"), Bell::always);
  EXPECT_EQ(alert_of(said("bob", "Ada?"), "ada"), Bell::mention);
  EXPECT_EQ(alert_of(line_of(RecordKind::action, "bob", "waves"), "ada"), Bell::always);
  EXPECT_EQ(alert_of(line_of(RecordKind::announce, "", "tea"), "ada"), Bell::mention);
  EXPECT_EQ(alert_of(line_of(RecordKind::direct, "bob", "x"), "ada"), Bell::mention);
  EXPECT_EQ(alert_of(RoomInvited{.room = "lab", .name = "bob"}, "ada"), Bell::mention);
  const auto ban = [](const char* name) {
    return moderated_by("bob", {.action = wire::ModerateAction::ban, .name = name});
  };
  EXPECT_EQ(alert_of(ban("ADA"), "ada"), Bell::mention);
  EXPECT_EQ(alert_of(ban("cyd"), "ada"), Bell::never);
  EXPECT_EQ(alert_of(line_of(RecordKind::join, "bob"), "ada"), Bell::never);
  EXPECT_EQ(alert_of(OtherProgram{.address = "x"}, "ada"), Bell::never);
}

TEST(Alerts, ANotificationSaysWhoHasNoKey) {
  Line line = said("bob", "ada?");
  EXPECT_EQ(alert(line).find('~'), std::string::npos);
  line.text_member = true;
  EXPECT_NE(alert(line).find("~bob: ada?"), std::string::npos);
}

TEST(Alerts, AreNotForTheReplayOrForOwnLines) {
  Line old = said("bob", "ada?");
  old.replay = true;
  EXPECT_EQ(alert_of(old, "ada"), Bell::never);
  EXPECT_EQ(alert_of(said_by_me("ada", "ada is my name"), "ada"), Bell::never);
  Line direct = line_of(RecordKind::direct, "bob", "psst");
  direct.own = true;
  EXPECT_EQ(alert_of(direct, "ada"), Bell::never);
}

TEST(Alerts, AreForARemovalThatWasNotTheWishOfTheUser) {
  RoomLeft left{.room = {.id = 1, .name = "lab"}};
  EXPECT_EQ(alert_of(left, "ada"), Bell::never);
  left.text = "by bob";
  EXPECT_EQ(alert_of(left, "ada"), Bell::mention);
  EXPECT_EQ(alert(left), "\x1b]9;you were removed from #lab: by bob\a");
  Alerts chinese{
      {.bell = Bell::never, .notify = Bell::mention, .notifier = {.form = Notifier::Form::osc9}},
      wire::Language::zh};
  EXPECT_EQ(chinese.on_report(left, "ada", at(0)), "\x1b]9;你被移出了 #lab：执行者 bob\a");
}

TEST(Alerts, RingAndNotifyAsIsSet) {
  const Line usual = said("bob", "hello");
  const Line mention = said("bob", "ada?");
  EXPECT_EQ(alert(usual, Bell::mention, Bell::mention), "");
  EXPECT_EQ(alert(mention, Bell::never, Bell::never), "");
  EXPECT_EQ(alert(mention, Bell::mention, Bell::never), "\a");
  EXPECT_EQ(alert(mention, Bell::mention, Bell::mention), "\a\x1b]9;bob: ada?\a");
  EXPECT_EQ(alert(usual, Bell::never, Bell::always), "\x1b]9;bob: hello\a");
  EXPECT_EQ(alert(usual, Bell::always, Bell::mention), "\a");
}

TEST(Alerts, HaveTheTextOfTheLine) {
  Line in_room = line_of(RecordKind::action, "bob", "greets ada");
  in_room.room = {.id = 1, .name = "lab"};
  EXPECT_EQ(alert(in_room), "\x1b]9;#lab * bob greets ada\a");
  EXPECT_EQ(alert(line_of(RecordKind::direct, "bob", "psst")), "\x1b]9;[from bob] psst\a");
  EXPECT_EQ(alert(line_of(RecordKind::announce, "", "tea")), "\x1b]9;[admin] tea\a");
  EXPECT_EQ(alert(RoomInvited{.room = "lab", .name = "bob"}),
            "\x1b]9;bob invites you to #lab, /join lab joins it\a");
}

TEST(Alerts, ComeAtMostOnceASecond) {
  Alerts alerts = made(Bell::mention, Bell::mention);
  const Line mention = said("bob", "ada?");
  EXPECT_NE(alerts.on_report(mention, "ada", at(0)), "");
  EXPECT_EQ(alerts.on_report(mention, "ada", at(999)), "");
  EXPECT_NE(alerts.on_report(mention, "ada", at(1000)), "");
}

TEST(Alerts, OtherMessagesDoNotDelayOneForAMention) {
  Alerts alerts = made(Bell::always, Bell::mention);
  EXPECT_EQ(alerts.on_report(said("bob", "hello"), "ada", at(0)), "\a");
  EXPECT_NE(alerts.on_report(said("eve", "ada?"), "ada", at(1)), "");
  EXPECT_EQ(alerts.on_report(said("bob", "hello"), "ada", at(500)), "");
}

}  // namespace
}  // namespace chatd::client
