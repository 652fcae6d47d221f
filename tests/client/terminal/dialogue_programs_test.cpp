// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogue about the other programs of the user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DialoguePrograms : public DialogueTest {};

TEST_F(DialoguePrograms, AreListed) {
  join_room();
  type("/programs");
  (void)one_order<AskPrograms>();
  report(ProgramList{.list = "1\there:1\t1795216504\t0\tthis", .more = true});
  EXPECT_EQ(dialogue_.take_text(), "");
  report(ProgramList{.list = "2\tthere:2\t1795216504\t60"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- you are in with 2 programs:\n    1 here:1   since 2026-11-20 23:15, this one\n"
            "    2 there:2  since 2026-11-20 23:15, silent for 1 minute\n");
  EXPECT_EQ(prompt(), "ada> ");
}

// The session that was asked has ended: its answer does not come, or not whole.
TEST_F(DialoguePrograms, AreListedWithoutThePartThatAnEarlierSessionReported) {
  join_room();
  type("/programs");
  report(ProgramList{.list = "1\tthere:1\t1795216504\t0\tthis", .more = true});
  report(ended(Outcome::name_taken));
  type("ada2");
  report(joined("ada2"));
  type("/programs");
  (void)dialogue_.take_text();
  report(ProgramList{.list = "2\there:2\t1795216504\t0\tthis"});
  EXPECT_EQ(dialogue_.take_text(),
            "-- you are in with 1 program:\n    2 here:2  since 2026-11-20 23:15, this one\n");
}

TEST_F(DialoguePrograms, AreEndedAndTheOthersAreListed) {
  join_room();
  type("/programs end 2");
  const auto post = one_order<Post>();
  EXPECT_EQ(post.message, Message{EndProgram{2}});
  EXPECT_EQ(prompt(), "(sending 1) ada> ");
  report(ProgramList{.list = "1\there:1\t1795216504\t0\tthis", .ended = 2});
  report(Confirmed{post.number});
  EXPECT_EQ(dialogue_.take_text(),
            "-- program 2 has ended\n-- you are in with 1 program:\n"
            "    1 here:1  since 2026-11-20 23:15, this one\n");
  EXPECT_EQ(prompt(), "ada> ");
}

TEST_F(DialoguePrograms, CannotBeEndedByTheirOwnNumber) {
  join_room();
  type("/programs end 1");
  Refused refusal = refused(one_order<Post>().number, "No.");
  refusal.code = "no_such_program";
  report(refusal);
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: you have no other program of that number here: /programs end 1\n");
  type("/programs end");
  EXPECT_EQ(dialogue_.take_text(), "! not done: /programs end (usage: /programs [end NUMBER])\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

// The session that was asked to end one has ended itself, and another one follows.
TEST_F(DialoguePrograms, MayHaveEndedIfTheServerHasNotConfirmedIt) {
  join_room();
  type("/programs end 2");
  report(Refused{.number = one_order<Post>().number, .code = "not_confirmed"});
  EXPECT_EQ(dialogue_.take_text(),
            "! not done: the session ended before the server confirmed it: /programs end 2\n");
}

TEST_F(DialoguePrograms, MayHaveEndedIfTheUserLeavesBeforeItIsConfirmed) {
  join_room();
  type("/programs end 2");
  dialogue_.quit();
  report(ended(Outcome::done));
  EXPECT_EQ(dialogue_.take_text(), "! not confirmed, perhaps sent: /programs end 2\n");
  EXPECT_EQ(dialogue_.outcome(), Outcome::not_confirmed);
}

TEST_F(DialoguePrograms, AreNotKnownToAnOlderServer) {
  join_room();
  type("/programs");
  report(ProgramList{.code = "unknown_command", .text = "The server does not know this command."});
  EXPECT_EQ(dialogue_.take_text(), "! The server does not know this command\n");
}

TEST_F(DialoguePrograms, NeedNoRoomButAConnection) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  for (const char* line : {"/programs", "/programs end 2"}) {
    type(line);
    EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n") << line;
  }
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(joined("ada"));
  (void)dialogue_.take_orders();
  type("/join lab");
  report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  report(RoomLeft{.room = {.id = 1, .name = "lab"}, .text = "dropped"});
  (void)dialogue_.take_orders();
  type("/programs end 2");
  EXPECT_EQ(one_order<Post>().message, Message{EndProgram{2}});
}

TEST_F(DialoguePrograms, AreReportedWhenTheyComeIn) {
  join_room();
  report(OtherProgram{.address = "there:2", .number = 2, .time = kFriday});
  EXPECT_EQ(dialogue_.take_text(),
            "23:15 -- you are in with another program, from there:2; /programs lists them\n");
}

TEST_F(DialoguePrograms, HaveOwnLinesThatConfirmNothing) {
  join_room();
  type("hello");
  report(said_by_me("ada", "hello"));
  EXPECT_EQ(dialogue_.take_text(), "23:15 ada: hello ✓\n");
  EXPECT_EQ(prompt(), "(sending 1) ada> ");
}

// The user has chosen the other program: this one does not log in again.
TEST_F(DialoguePrograms, ThatEndThisOneEndTheDialogue) {
  join_room();
  type("hello");
  (void)dialogue_.take_orders();
  report(ended(Outcome::program_ended));
  EXPECT_EQ(dialogue_.outcome(), Outcome::program_ended);
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.closing_line(), "another program of ada has ended this one");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("! not confirmed, perhaps sent: hello"));
}

}  // namespace
}  // namespace chatd::client
