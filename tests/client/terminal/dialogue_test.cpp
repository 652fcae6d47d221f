// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/dialogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/member/list_text.hpp"
#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST_F(DialogueTest, LogsInAndListsTheMembers) {
  dialogue_.start();
  EXPECT_EQ(prompt(), "[connecting] ada> ");
  EXPECT_EQ(one_order<Enter>().name, "ada");
  report(joined("ada"));
  EXPECT_EQ(dialogue_.take_text(), "-- connected to the lab as ada\n");
  const auto orders = dialogue_.take_orders();
  ASSERT_EQ(orders.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<AskUsers>(orders[0]));
  EXPECT_TRUE(std::holds_alternative<AskAbout>(orders[1]));
  EXPECT_TRUE(std::holds_alternative<AskBlocks>(orders[2]));
  report(users("ada\nbob"));
  EXPECT_EQ(dialogue_.take_text(), "-- 2 here:\nada  bob\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueTest, ShowsUnconfirmedMessagesUntilTheyAreConfirmed) {
  join_room();
  type("hello");
  const auto post = one_order<Post>();
  EXPECT_EQ(post.message, Message{Say{"hello"}});
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_EQ(prompt(), "(sending 1) ada> ");
  report(said_by_me("ada", "hello"));
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(), "23:15 ada: hello ✓\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueTest, ShowsADirectMessageWhenItIsConfirmed) {
  join_room();
  type("/msg bob psst");
  const auto post = one_order<Post>();
  EXPECT_EQ(post.message, (Message{Direct{.name = "bob", .text = "psst"}}));
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(), "23:15 [to bob] psst ✓\n");
}

TEST_F(DialogueTest, ShowsADirectMessageToItselfOnce) {
  join_room();
  type("/msg ADA note");
  const auto post = one_order<Post>();
  Line line = line_of(wire::RecordKind::direct, "ada", "note");
  line.own = true;
  report(line);
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(), "23:15 [to ada] note ✓\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueTest, SaysWhyAMessageWasRefused) {
  join_room();
  type("/msg nobody psst");
  Refused refusal = refused(one_order<Post>().number, "Nobody of that name is here.");
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "! not sent: Nobody of that name is here: /msg nobody psst\n");
  type("/msg nobody psst");
  refusal.number = one_order<Post>().number;
  refusal.code = "no_such_member";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(), "! not sent: nobody named nobody is here: /msg nobody psst\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueTest, ActsAndListsAndHelps) {
  join_room();
  type("/me waves");
  EXPECT_EQ(one_order<Post>().message, Message{Act{"waves"}});
  type("/users");
  (void)one_order<AskUsers>();
  report(users("ada\nbob", true));
  EXPECT_EQ(dialogue_.take_text(), "");
  report(users("carol\taway"));
  EXPECT_EQ(dialogue_.take_text(), "-- 3 here:\nada           bob           carol (away)\n");
  type("/help");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("/msg NAME TEXT"));
}

TEST_F(DialogueTest, BoundsAListOfUsersWithoutAnEnd) {
  join_room();
  type("/users");
  const Users piece = users(std::string(16'384, 'x'), true);
  for (int i = 0; i < 1000; ++i) report(piece);
  report(users("ada"));
  EXPECT_LE(dialogue_.take_text().size(), 2 * kMaxListBytes);
}

TEST_F(DialogueTest, SaysWhyALineCannotBeSaid) {
  join_room();
  type("/mgs bob secret");
  EXPECT_EQ(dialogue_.take_text(),
            "! not sent: there is no command /mgs; did you mean /msg? /help lists them: "
            "/mgs bob secret\n");
  type("/msg bob");
  EXPECT_EQ(dialogue_.take_text(), "! not done: /msg bob (usage: /msg NAME TEXT)\n");
  type("/msg");
  EXPECT_EQ(dialogue_.take_text(), "! usage: /msg NAME TEXT\n");
  type("/etc/passwd");
  EXPECT_EQ(dialogue_.take_text(),
            "! there is no command /etc/passwd; /help lists them, // begins a text with /\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueTest, SaysALineThatIsTooLongAsSeveralMessages) {
  join_room();
  std::string text;
  for (int i = 0; i < 400; ++i) text += "好";
  type(text);  // 1200 bytes
  std::string all;
  for (const Message& message : messages()) {
    EXPECT_LE(text_of(message).size(), 900U);
    all += text_of(message);
  }
  EXPECT_EQ(all, text);
  EXPECT_EQ(dialogue_.take_text(), "");
  type("one\n" + std::string(1000, 'x'));
  EXPECT_EQ(dialogue_.take_orders().size(), 3U);
}

TEST_F(DialogueTest, EndsAlsoIfTheServerSaysThatItTakesNoText) {
  dialogue_.start();
  report(joined("ada", 0));
  (void)dialogue_.take_orders();
  type("hello");
  EXPECT_EQ(dialogue_.take_orders().size(), 2U);
}

TEST_F(DialogueTest, EachPieceOfALongLineIsOfItsKind) {
  join_room();
  const std::string long_text(1000, 'x');
  type("/me " + long_text);
  for (const Message& message : messages()) EXPECT_TRUE(std::holds_alternative<Act>(message));
  type("/msg bob " + long_text);
  const auto pieces = messages();
  ASSERT_EQ(pieces.size(), 2U);
  for (const Message& message : pieces) EXPECT_EQ(std::get<Direct>(message).name, "bob");
}

TEST_F(DialogueTest, GivesBackEachLineThatIsRefusedAsItWasTyped) {
  join_room();
  for (const std::string line : {"hello", "/me waves", "/msg bob psst"}) {
    type(line);
    report(refused(one_order<Post>().number, "Not now."));
    EXPECT_EQ(dialogue_.take_text(), "! not sent: Not now: " + line + "\n");
  }
}

TEST_F(DialogueTest, SendsPastedLinesWithoutCommands) {
  join_room();
  type("/quit\n\nquit\nlast");
  std::vector<std::string> texts;
  for (const Message& message : messages()) texts.push_back(std::get<Say>(message).text);
  EXPECT_THAT(texts, ElementsAre("/quit", "quit", "last"));
  EXPECT_FALSE(dialogue_.outcome());
}

class DialogueWithManyLines : public DialogueTest {
 protected:
  DialogueWithManyLines() {
    join_room();
    type("1\n/quit\n3\n4\n5\n6\n");
  }
};

TEST_F(DialogueWithManyLines, AsksWhetherToSendThem) {
  EXPECT_THAT(messages(), IsEmpty());
  EXPECT_EQ(prompt(), "send 6 lines? Enter sends them, Ctrl-C clears them: ");
  EXPECT_THAT(dialogue_.complete("", "b"), IsEmpty());
  type("what?");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: type yes or no, or press Enter or Ctrl-C: what?\n");
  type("");
  std::vector<std::string> texts;
  for (const Message& message : messages()) texts.push_back(text_of(message));
  EXPECT_THAT(texts, ElementsAre("1", "/quit", "3", "4", "5", "6"));
  EXPECT_EQ(prompt(), "(sending 6) ada> ");
}

TEST_F(DialogueWithManyLines, DoesNotSendThemAfterANo) {
  type("no");
  EXPECT_EQ(prompt(), "ada> ");
  type("1\n2\n3\n4\n5\n6");
  EXPECT_TRUE(dialogue_.drop_question());
  EXPECT_FALSE(dialogue_.drop_question());
  EXPECT_EQ(prompt(), "ada> ");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.take_text(), "");
}

TEST_F(DialogueWithManyLines, PrintsThemAfterAnUnwantedEnd) {
  report(ended(Outcome::kicked, "spam"));
  dialogue_.on_draft_left("");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: it was not entered yet: 1 /quit 3 4 5 6\n");
}

// The lines are for the room that was selected when they were entered.
TEST_F(DialogueWithManyLines, SendsThemToTheRoomThatTheyWereEnteredFor) {
  dialogue_.select_room(2);
  EXPECT_EQ(dialogue_.take_text(), "");
  type("yes");
  EXPECT_EQ(messages().size(), 6U);
}

TEST_F(DialogueTest, ReportsAnAbsenceOfTheServer) {
  join_room();
  EXPECT_FALSE(dialogue_.ticks());
  report(Reconnecting{});
  EXPECT_TRUE(dialogue_.ticks());
  EXPECT_EQ(prompt(), "[reconnecting 3 s] ada> ") << "the silence is older than its report";
  mono_ += std::chrono::seconds{9};
  EXPECT_EQ(prompt(), "[reconnecting 12 s] ada> ");
  report(Reconnecting{});  // told again: still the same absence
  EXPECT_EQ(prompt(), "[reconnecting 12 s] ada> ");
  report(Reconnected{});
  EXPECT_EQ(dialogue_.take_text(), "-- connected again after 12 s\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialogueTest, SaysThatTheServerStopped) {
  join_room();
  report(ServerStopped{});
  EXPECT_THAT(dialogue_.take_text(), ::testing::HasSubstr("the server has stopped"));
  EXPECT_FALSE(dialogue_.outcome());
}

TEST_F(DialogueTest, CountsFromTheGoodbyeIfThereWasOne) {
  join_room();
  report(ServerStopped{});
  report(Reconnecting{});
  EXPECT_EQ(prompt(), "[reconnecting] ada> ") << "no second is over";
  mono_ += std::chrono::seconds{2};
  report(ServerStopped{});  // an absence already: the same
  report(Reconnected{});
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("connected again after 2 s"));
  report(Reconnecting{});
  EXPECT_EQ(prompt(), "[reconnecting 3 s] ada> ") << "this time nobody said anything";
}

TEST_F(DialogueTest, GoesOnInANewSession) {
  join_room();
  report(Reconnecting{});
  report(joined("ada"));
  EXPECT_EQ(dialogue_.take_text(), "-- connected again after 3 s\n");
  report(users("ada\nbob"));
  EXPECT_EQ(dialogue_.take_text(), "") << "the list was for completion only";
}

TEST_F(DialogueTest, QuitsOnceEverythingIsConfirmed) {
  join_room();
  type("quit");
  (void)one_order<Quit>();
  EXPECT_FALSE(dialogue_.outcome());
  report(ended(Outcome::done));
  EXPECT_EQ(dialogue_.outcome(), Outcome::done);
  EXPECT_EQ(dialogue_.closing_line(), "");
  EXPECT_EQ(dialogue_.take_text(), "-- you have left\n");
}

TEST_F(DialogueTest, QuitsTheSecondTimeAndListsUnconfirmedMessages) {
  join_room();
  type("hello");
  dialogue_.quit();
  dialogue_.quit();
  EXPECT_EQ(dialogue_.outcome(), Outcome::not_confirmed);
  EXPECT_EQ(dialogue_.closing_line(), "the server has not confirmed everything: 1 message");
  EXPECT_EQ(dialogue_.take_text(), "! not confirmed, perhaps sent: hello\n");
}

TEST_F(DialogueTest, QuitsAtOnceWithoutUnconfirmedMessages) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  dialogue_.quit();
  (void)one_order<Quit>();
  EXPECT_EQ(dialogue_.outcome(), Outcome::done);
}

TEST_F(DialogueTest, EndsWithTheTextOfTheServer) {
  join_room();
  report(ended(Outcome::kicked, "spam"));
  EXPECT_EQ(dialogue_.outcome(), Outcome::kicked);
  EXPECT_EQ(dialogue_.closing_line(), "you were removed from the server: spam");
}

TEST_F(DialogueTest, PrintsTheInputLineAfterAnUnwantedEnd) {
  join_room();
  report(ended(Outcome::kicked, "spam"));
  dialogue_.on_draft_left("half a line");
  EXPECT_EQ(dialogue_.take_text(), "! not sent: it was not entered yet: half a line\n");
  dialogue_.on_draft_left(" ");
  EXPECT_EQ(dialogue_.take_text(), "");
}

TEST_F(DialogueTest, ReportsTheNumberOfHiddenLines) {
  EXPECT_EQ(dialogue_.mark_of(1), "[...] ");
  EXPECT_EQ(dialogue_.mark_of(30), "[30 lines] ");
}

TEST_F(DialogueTest, SaysWhenTheSessionProcessHasDied) {
  join_room();
  dialogue_.on_session_lost("signal 9");
  EXPECT_EQ(dialogue_.outcome(), Outcome::failed);
  EXPECT_THAT(dialogue_.closing_line(), HasSubstr("signal 9"));
}

TEST_F(DialogueTest, CompletesTheNamesOfMembers) {
  join_room();
  report(line_of(wire::RecordKind::join, "carol"));
  EXPECT_THAT(dialogue_.complete("hi ", "ca"), ElementsAre("carol"));
  report(line_of(wire::RecordKind::leave, "carol"));
  EXPECT_THAT(dialogue_.complete("hi ", "ca"), IsEmpty());
  report(said("carla", "hello"));  // her join may have been counted only
  EXPECT_THAT(dialogue_.complete("hi ", "ca"), ElementsAre("carla"));
  Line old = line_of(wire::RecordKind::join, "dave");
  old.replay = true;  // may have left since
  report(old);
  EXPECT_THAT(dialogue_.complete("hi ", "da"), IsEmpty());
}

TEST_F(DialogueTest, CompletesTheOwnNameOnlyForACommand) {
  join_room();
  EXPECT_THAT(dialogue_.complete("", "ad"), IsEmpty());
  EXPECT_THAT(dialogue_.complete("", "@ad"), IsEmpty());
  EXPECT_THAT(dialogue_.complete("/whois ", "ad"), ElementsAre("ada"));
}

TEST_F(DialogueTest, ShowsJoinsAndLeavesTogetherAfterSomeSeconds) {
  join_room();
  report(line_of(wire::RecordKind::join, "carol"));
  report(line_of(wire::RecordKind::join, "dave"));
  EXPECT_TRUE(dialogue_.ticks());
  dialogue_.pass_time(mono_ + Presence::kGatheringTime - Micros{1});
  EXPECT_EQ(dialogue_.take_text(), "");
  dialogue_.pass_time(mono_ + Presence::kGatheringTime);
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- carol and dave joined\n");
  EXPECT_FALSE(dialogue_.ticks());
}

TEST_F(DialogueTest, ShowsGatheredJoinsBeforeAStopAndAtTheEnd) {
  join_room();
  report(line_of(wire::RecordKind::join, "carol"));
  dialogue_.show_gathered();
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- carol joined\n");
  report(line_of(wire::RecordKind::leave, "carol"));
  type("quit");
  report(ended(Outcome::done));
  EXPECT_EQ(dialogue_.take_text(), "23:15 -- carol left\n-- you have left\n");
}

TEST_F(DialogueTest, RingsTheBellForTheOwnName) {
  join_room();
  report(said("bob", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 bob: hello\n");
  report(said("bob", "ada?"));
  EXPECT_THAT(dialogue_.take_text(), StartsWith("\a23:15 » bob: ada?"));
}

}  // namespace
}  // namespace chatd::client
