// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the conversation that is shown.
#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(DialogueTest, HidesJoinsAndLeavesIfTheUserWantsIt) {
  join_room();
  type("/quiet");
  EXPECT_EQ(dialogue_.take_text(), "-- joins and leaves are not shown from now on\n");
  report(line_of(wire::RecordKind::join, "carol"));
  EXPECT_FALSE(dialogue_.ticks());
  EXPECT_THAT(dialogue_.complete("hi ", "ca"), ElementsAre("carol"));
  type("/quiet on");
  EXPECT_EQ(dialogue_.take_text(), "-- joins and leaves are not shown from now on\n");
  type("/quiet");
  EXPECT_EQ(dialogue_.take_text(), "-- joins and leaves are shown from now on\n");
  report(line_of(wire::RecordKind::leave, "carol"));
  dialogue_.show_gathered();
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- carol left\n");
}

TEST_F(DialogueTest, HidesJoinsAndLeavesFromTheStartIfTheSettingsSaySo) {
  Dialogue quiet{{.name = "ada", .host = "host:8888", .quiet = true}};
  quiet.on_report(line_of(wire::RecordKind::join, "carol"), now());
  quiet.show_gathered();
  EXPECT_EQ(quiet.take_text(), "");
}

TEST_F(DialogueTest, JoinsBeforeTheListOfMembersAreShownBeforeIt) {
  dialogue_.start();
  report(joined("ada"));
  (void)dialogue_.take_text();
  for (const bool replay : {true, false}) {
    Line line = line_of(wire::RecordKind::join, "bob");
    line.replay = replay;
    report(line);
    if (!replay) type("/users");
    report(users("ada\nbob"));
    EXPECT_THAT(dialogue_.take_text(),
                ::testing::HasSubstr("23:15 -- bob joined\n-- 2 here:\nada  bob\n"));
  }
}

TEST_F(DialogueTest, LinesThatWereMissedAreNotEarlier) {
  join_room();
  Line old = said("bob", "before");
  old.replay = true;
  report(old);
  EXPECT_EQ(dialogue_.take_text(), "---- earlier ----\n---- 2026-11-20 ----\n23:15 bob: before\n");
  report(Reconnecting{});
  Joined again = joined("ada");
  again.again = true;
  report(again);
  Line missed = said("bob", "ada, look");
  missed.replay = true;
  report(missed);
  EXPECT_EQ(dialogue_.take_text(),
            "-- connected again after 3 s\n\a---- now ----\n23:15 » bob: ada, look\n");
  missed = line_of(wire::RecordKind::join, "ada");
  missed.replay = true;
  missed.own = true;
  report(missed);
  dialogue_.show_gathered();
  EXPECT_EQ(dialogue_.take_text(), "") << "the own join, also in the room's log";
}

TEST_F(DialogueTest, CountsUnreadMessagesUntilTheirRoomIsSelected) {
  join_room();
  enter_room("lab", 1);
  report(said("bob", "ada?"));
  report(said("bob", "ada!"));
  EXPECT_EQ(prompt(), "[#the lab: 2!] #lab ada> ");
  type("/1");
  EXPECT_EQ(prompt(), "#the lab ada> ");
  Line line = said("bob", "hello");
  line.room = {.id = 1, .name = "lab"};
  report(line);
  EXPECT_EQ(prompt(), "[#lab 1] #the lab ada> ");
  dialogue_.select_room(2);
  EXPECT_EQ(prompt(), "#lab ada> ");
}

TEST_F(DialogueTest, ShowsTheLastLinesAgain) {
  join_room();
  type("/last");
  EXPECT_EQ(dialogue_.take_text(), "-- there are no lines yet\n");
  report(said("bob", "Tea?"));
  type("/msg bob psst");
  report(Confirmed{one_order<Post>().number});
  (void)dialogue_.take_text();
  type("/last");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the last lines:\n"
            "2026-11-20 23:15:04 #the lab bob: Tea?\n"
            "2026-11-20 23:15:04 [to bob] psst ✓\n");
  type("/last tea");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the last lines with \"tea\":\n2026-11-20 23:15:04 #the lab bob: Tea?\n");
  type("/last {}");
  EXPECT_EQ(dialogue_.take_text(), "-- there is no line with \"{}\"\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueTest, ShowsAsManyOfTheLastLinesAsAreAskedFor) {
  join_room();
  for (int i = 0; i < 30; ++i) report(said("bob", "number " + std::to_string(i)));
  (void)dialogue_.take_text();
  type("/last 2");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the last lines:\n"
            "2026-11-20 23:15:04 #the lab bob: number 28\n"
            "2026-11-20 23:15:04 #the lab bob: number 29\n");
  type("/last \"2\"");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("bob: number 12\n"));
}

TEST_F(DialogueTest, ShowsTheLinesThatMentionTheUser) {
  join_room();
  Line old = said("bob", "ada was here");
  old.replay = true;
  report(old);
  type("/mentions");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("-- no line since you joined mentions you\n"));
  enter_room("lab", 1);
  report(said("bob", "ada, look"));
  report(said("bob", "nothing"));
  Line own = said("ada", "I am ada");
  own.own = true;
  report(own);
  Line action = line_of(wire::RecordKind::action, "cyd", "waves to Ada");
  action.room = {.id = 1, .name = "lab"};
  report(action);
  (void)dialogue_.take_text();
  type("/mentions");
  EXPECT_EQ(dialogue_.take_text(),
            "-- the lines that mention you:\n"
            "2026-11-20 23:15:04 #the lab bob: ada, look\n"
            "2026-11-20 23:15:04 #lab * cyd waves to Ada\n");
}

TEST_F(DialogueTest, GivesLinesForTheLogIfThereIsOne) {
  join_room();
  report(said("bob", "hello"));
  EXPECT_EQ(dialogue_.lines().take_log(), "");
  Dialogue logged{{.name = "ada", .host = "host:8888", .logs = true}};
  logged.on_report(joined("ada"), now());
  logged.on_report(said("bob", "hello"), now());
  EXPECT_EQ(logged.lines().take_log(), "2026-11-20 23:15:04 #the lab bob: hello\n");
  (void)logged.take_text();
  logged.on_log_failed("/log: No space left on device");
  EXPECT_EQ(logged.take_text(),
            "! the log cannot be written, and lines will be missing in it: /log: No space left on "
            "device\n");
}

TEST_F(DialogueTest, SaysInTheUsersLanguageThatNamesAreNotKept) {
  Dialogue chinese{{.name = "ada", .host = "host:8888", .language = wire::Language::zh}};
  chinese.on_users_not_kept(Error::from_errno("write /users", ENOSPC));
  EXPECT_THAT(chinese.take_text(), HasSubstr("：写入 /users：磁盘空间不足\n"));
}

TEST_F(DialogueTest, AnswersTheLastDirectMessage) {
  join_room();
  type("/r yes");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: nobody has sent a direct message to you: /r yes\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  for (const auto& [name, person] : {std::pair{"carol", 5U}, std::pair{"bob", 7U}}) {
    Line line = line_of(wire::RecordKind::direct, name, "psst");
    line.person = person;
    report(line);
  }
  report(said("dave", "hello"));
  Line own = line_of(wire::RecordKind::direct, "eve", "of another program of ada");
  own.own = true;
  report(own);
  type("/r yes");
  EXPECT_EQ(one_order<Post>().message,
            (Message{Direct{.name = "bob", .text = "yes", .person = 7}}));
}

TEST_F(DialogueTest, AnAnswerThatIsBeingTypedStaysForItsMember) {
  join_room();
  report(line_of(wire::RecordKind::direct, "bob", "the code?"));
  dialogue_.set_drafting(true);
  report(line_of(wire::RecordKind::direct, "mallory", "hi"));
  type("/r 1234");
  type("/r hi");
  std::vector<std::string> receivers;
  for (const Order& order : dialogue_.take_orders()) {
    if (const auto* post = std::get_if<Post>(&order)) {
      receivers.push_back(std::get<Direct>(post->message).name);
    }
  }
  EXPECT_THAT(receivers, ElementsAre("bob", "mallory"));
}

}  // namespace
}  // namespace chatd::client
