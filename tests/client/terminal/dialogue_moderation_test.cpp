// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogue about changes in rooms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::ModerateAction;
using wire::RoomProperty;

class DialogueModeration : public DialogueTest {
 protected:
  // The user is in a room besides the default room, and writes to it.
  void enter_lab() {
    join_room();
    enter_room("lab", 1);
    (void)dialogue_.take_text();
  }
  void report_in_lab(Line line) {
    line.room = {.id = 1, .name = "lab"};
    report(line);
  }
  Moderate moderation(ModerateAction action, std::string_view name) const {
    return {.action = action, .name = std::string{name}, .room = "lab"};
  }
};

TEST_F(DialogueModeration, OrdersAreAboutTheSelectedRoom) {
  enter_lab();
  for (const char* line : {"/topic tea", "/set lecture yes", "/kick bob noise"}) type(line);
  Moderate kick = moderation(ModerateAction::kick, "bob");
  kick.reason = "noise";
  EXPECT_THAT(messages(),
              ElementsAre(Message{SetTopic{.topic = "tea", .room = "lab"}},
                          Message{SetProperty{
                              .property = RoomProperty::lecture, .value = 1, .room = "lab"}},
                          Message{kick}));
  EXPECT_EQ(prompt(), "(sending 3) #lab ada> ");
  type("/1");
  type("/mute bob 30m");
  EXPECT_THAT(messages(), ElementsAre(Message{Moderate{
                              .action = ModerateAction::mute, .name = "bob", .seconds = 1'800}}));
}

TEST_F(DialogueModeration, ARefusedOrderIsShownWithTheReason) {
  enter_lab();
  type("/ban bob 2h noise");
  Refused refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "higher_role";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: that member has the same role as you, or a higher one: "
            "/ban bob 2h noise\n");
  type("/invite nobody");
  refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "no_such_member";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "! not done: nobody named nobody is here: /invite nobody\n");
  type("/invite eve");
  refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "banned_here";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: eve is banned in this room; /unban ends the ban: /invite eve\n");
  type("/topic tea");
  refusal = refused(one_order<Post>().number, "The server does not know this command.");
  refusal.code = "unknown_command";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: The server does not know this command: /topic tea\n");
  EXPECT_EQ(prompt(), "#lab ada> ");
}

TEST_F(DialogueModeration, AnOrderForARoomThatTheUserIsNotInIsNotSent) {
  enter_lab();
  report(RoomLeft{.room = {.id = 1, .name = "lab"}, .text = "dropped"});
  (void)dialogue_.take_text();
  for (const char* line : {"/kick bob", "/room", "/topic"}) type(line);
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: you are not in that room; /1 writes to #the lab: /kick bob\n"
            "! you are not in that room; /1 writes to #the lab\n"
            "! you are not in that room; /1 writes to #the lab\n");
}

TEST_F(DialogueModeration, AReasonOrATopicThatIsTooLongIsNotCut) {
  enter_lab();
  type("/topic " + std::string(wire::kMaxTopicBytes, 'x'));
  EXPECT_EQ(messages().size(), 1U);
  type("/topic " + std::string(wire::kMaxTopicBytes + 1, 'x'));
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_THAT(dialogue_.take_text(),
              HasSubstr("! not done: too long by 1 of its 201 characters: "));
  type("/kick bob " + std::string(wire::kMaxModerationReason, 'x'));
  EXPECT_EQ(messages().size(), 1U);
  type("/kick bob " + std::string(wire::kMaxModerationReason + 1, 'x'));
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_THAT(dialogue_.take_text(),
              HasSubstr("! not done: too long by 1 of its 121 characters: "));
}

TEST_F(DialogueModeration, AWrongCommandIsExplainedInOneLine) {
  enter_lab();
  const auto expect_refused = [this](const std::string& line, const std::string& usage) {
    type(line);
    const bool is_alone = line.find(' ') == std::string::npos;
    EXPECT_EQ(dialogue_.take_text(),
              is_alone ? "! " + usage + "\n" : "! not done: " + line + " (" + usage + ")\n");
  };
  for (const char* line : {"/mute", "/mute bob 30", "/mute bob 49711d"}) {
    expect_refused(line,
                   "usage: /mute NAME [TIME] [REASON]; TIME is a number and s, m, h or d, as in "
                   "30m, at most 49710d");
  }
  for (const char* line : {"/set", "/set hat yes", "/set slow yes", "/set slow 3601"}) {
    expect_refused(
        line,
        "usage: /set invited|hidden|lecture|slow|enter|history "
        "yes|no|SECONDS|anyone|known|owned|DAYS|off|default; slow takes 1 to 3600 SECONDS "
        "or no, enter takes anyone, known or owned, history takes 1d to 3650d, off or "
        "default, the others yes or no");
  }
  expect_refused("/role bob king", "usage: /role NAME owner|moderator|none");
  expect_refused("/2 hello", "usage: /NUMBER");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueModeration, OrdersNeedAConnection) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  for (const char* line : {"/room", "/topic", "/topic tea", "/set slow 5", "/mute bob"}) {
    type(line);
    EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n") << line;
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueModeration, AnOrderIsForTheRoomThatIsBeingJoined) {
  join_room();
  type("/make lab");
  (void)one_order<Post>();
  type("/set invited yes");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  EXPECT_THAT(messages(), ElementsAre(Message{SetProperty{
                              .property = RoomProperty::invited, .value = 1, .room = "lab"}}));
}

TEST_F(DialogueModeration, ChangesAreShownInPlainWords) {
  enter_lab();
  report_in_lab(line_of(wire::RecordKind::topic, "bob", "tea"));
  report_in_lab(set_by("bob", {.property = RoomProperty::lecture, .value = 1}));
  report_in_lab(moderated_by(
      "bob", {.action = ModerateAction::mute, .seconds = 3'600, .name = "cyd", .reason = "noise"}));
  report(moderated_by("", {.action = ModerateAction::unmute, .name = "cyd"}));
  EXPECT_EQ(dialogue_.take_text(),
            "23:15 -- bob set the topic: tea\n"
            "23:15 -- bob began a lecture: only owners and moderators speak now\n"
            "23:15 -- bob muted cyd for 1 hour: noise\n"
            "23:15 #the lab -- the administrator unmuted cyd\n");
}

TEST_F(DialogueModeration, AChangeThatIsAboutTheUserRings) {
  enter_lab();
  const Line line = moderated_by("bob", {.action = ModerateAction::mute, .name = "ADA"});
  report_in_lab(line);
  EXPECT_EQ(dialogue_.take_text(), "\a23:15 » -- bob muted ADA\n");
}

TEST_F(DialogueModeration, TheFactsAboutARoomAreShown) {
  enter_lab();
  type("/room");
  EXPECT_EQ(one_order<AskAbout>().room, "lab");
  report(RoomAbout{.room = "lab", .list = "topic\ttea\ntopic_by\tbob", .more = true});
  EXPECT_EQ(dialogue_.take_text(), "");
  report(RoomAbout{.room = "lab", .list = "members\t2\nowner\tbob\nban\t7\tmallory\t0\tbob\t"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- #lab\n   the topic is: tea (set by bob)\n   2 members\n   owners: bob\n"
            "   mallory is banned by bob\n");
  type("/topic");
  EXPECT_EQ(one_order<AskAbout>().room, "lab");
  report(RoomAbout{.room = "lab", .list = "topic\ttea\nmembers\t2"});
  EXPECT_EQ(dialogue_.take_text(), "-- the topic is: tea (set by the administrator)\n");
  type("/topic");
  report(RoomAbout{.room = "lab", .list = "members\t2"});
  EXPECT_EQ(dialogue_.take_text(), "-- the room has no topic\n");
}

TEST_F(DialogueModeration, EachAnswerAboutARoomIsShownAsItWasAskedFor) {
  enter_lab();
  type("/topic");
  type("/1");
  type("/room");
  report(RoomAbout{.list = "members\t7"});  // of the login
  EXPECT_EQ(dialogue_.take_text(), "");
  report(RoomAbout{.room = "lab", .list = "topic\ttea\nmembers\t2"});
  EXPECT_EQ(dialogue_.take_text(), "-- the topic is: tea (set by the administrator)\n");
  report(RoomAbout{.list = "members\t7"});
  EXPECT_EQ(dialogue_.take_text(), "-- #the lab\n   7 members\n");
}

TEST_F(DialogueModeration, AnAnswerAboutARenamedRoomIsShownAsItWasAskedFor) {
  enter_lab();
  type("/room");
  type("/1");
  type("/topic");
  report(RoomRenamed{.room = {.id = 1, .name = "pub"}, .before = "lab"});
  report(RoomAbout{.room = "pub", .list = "members\t2"});
  EXPECT_EQ(dialogue_.take_text(), "-- #pub\n   2 members\n");
}

TEST_F(DialogueModeration, AnOlderServerDoesNotKnowTheQuestionAboutARoom) {
  const RoomAbout refusal{.code = "unknown_command",
                          .text = "The server does not know this command."};
  join_room();
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "") << "the user did not ask";
  type("/room");
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "! The server does not know this command\n");
}

TEST_F(DialogueModeration, TheTopicOfTheDefaultRoomIsShownAtTheLogin) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  report(joined("ada"));
  const auto orders = dialogue_.take_orders();
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_EQ(std::get<AskAbout>(orders[1]), AskAbout{});
  (void)dialogue_.take_text();
  report(RoomAbout{.list = "topic\ttea\ntopic_by\tbob"});
  EXPECT_EQ(dialogue_.take_text(), "-- the topic is: tea (set by bob)\n");
  report(joined("ada"));
  EXPECT_EQ(dialogue_.take_orders().size(), 1U) << "it is asked for once";
}

TEST_F(DialogueModeration, AnInvitationIsShownAndItsRoomIsCompleted) {
  join_room();
  report(RoomInvited{.room = "lab", .name = "bob"});
  EXPECT_EQ(dialogue_.take_text(), "\a-- bob invites you to #lab; /join lab joins it\n");
  EXPECT_THAT(dialogue_.complete("/join ", "l"), ElementsAre("#lab"));
}

TEST_F(DialogueModeration, ARenamedRoomStaysSelected) {
  enter_lab();
  report_in_lab(set_by("bob", {.property = RoomProperty::name, .name = "lab-x7"}));
  report(RoomRenamed{.room = {.id = 1, .name = "lab-x7"}, .before = "lab"});
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- bob renamed the room to #lab-x7\n");
  EXPECT_EQ(prompt(), "#lab-x7 ada> ");
  type("hello");
  EXPECT_THAT(messages(), ElementsAre(Message{Say{.text = "hello", .room = "lab-x7"}}));
}

TEST_F(DialogueModeration, TextsOfAHostileServerMoveNoCursor) {
  enter_lab();
  const std::string evil = "\x1b[2J\r\n\xff";
  report_in_lab(line_of(wire::RecordKind::topic, evil, evil));
  report_in_lab(moderated_by(evil, {.action = ModerateAction::ban, .name = evil, .reason = evil}));
  report_in_lab(set_by(evil, {.property = RoomProperty::name, .name = evil}));
  report(RoomInvited{.room = evil, .name = evil});
  type("/room");
  report(RoomAbout{.room = evil,
                   .list = "topic\t" + evil + "\ntopic_by\t" + evil + "\nowner\t" + evil +
                           "\nmute\t1\t" + evil + "\t0\t" + evil + "\t" + evil,
                   .more = false});
  type("/room");
  report(RoomAbout{.code = evil, .text = evil});
  const std::string shown = dialogue_.take_text();
  EXPECT_EQ(shown.find_first_of("\x1b\r\xff"), std::string::npos);
}

TEST_F(DialogueModeration, RecordsThatAreNotKnownAreNotShown) {
  enter_lab();
  for (const std::string_view text : {std::string_view{}, std::string_view{"\x1b[2J"},
                                      std::string_view{"\x63\xff\xff\xff\xff\3bob", 9}}) {
    report_in_lab(line_of(wire::RecordKind::set, "bob", text));
    report_in_lab(line_of(wire::RecordKind::moderated, "bob", text));
  }
  report_in_lab(line_of(static_cast<wire::RecordKind>(99), "bob", "new"));
  EXPECT_EQ(dialogue_.take_text(), "");
}

}  // namespace
}  // namespace chatd::client
