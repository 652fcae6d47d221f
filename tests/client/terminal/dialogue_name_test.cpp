// SPDX-License-Identifier: GPL-3.0-or-later
// The user goes on under another name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DialogueName : public DialogueTest {
 protected:
  DialogueName() { join_room(); }
  void join_again(std::string_view name) {
    Joined again = joined(name);
    again.again = true;
    report(again);
  }
};

TEST_F(DialogueName, IsAnotherOneWhenTheServerHasAcceptedIt) {
  enter_room("lab", 1);
  (void)dialogue_.take_text();
  type("half of what ada says");
  (void)dialogue_.take_orders();
  EXPECT_EQ(prompt(), "(sending 1) #lab ada> ");
  type("/nick eve");
  EXPECT_EQ(one_order<Rename>().name, "eve");
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_EQ(prompt(), "(sending 1) #lab ada> ");
  join_again("eve");
  EXPECT_EQ(dialogue_.take_text(), "-- you are eve now\n");
  EXPECT_EQ(prompt(), "(sending 1) #lab eve> ") << "the room and the message are kept";
  report(said("bob", "eve?"));
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("\a")) << "the bell is for the new name";
}

// The lines of the log before it have the old name, those behind it the new one.
TEST_F(DialogueName, IsInTheLog) {
  Dialogue dialogue{{.name = "ada", .host = "host:8888", .logs = true}};
  dialogue.start();
  dialogue.on_report(joined("ada"), now());
  (void)dialogue.lines().take_log();
  Joined again = joined("eve");
  again.again = true;
  dialogue.on_report(again, now());
  EXPECT_THAT(dialogue.lines().take_log(), ::testing::MatchesRegex(".* -- you are eve now\n"));
}

TEST_F(DialogueName, StaysIfTheServerRefuses) {
  type("/nick bob");
  (void)dialogue_.take_orders();
  report(NameRefused{.name = "bob", .reason = Outcome::name_taken});
  EXPECT_EQ(dialogue_.take_text(), "! the name bob is taken; you are still ada\n");
  EXPECT_EQ(prompt(), "ada> ");
  EXPECT_FALSE(dialogue_.outcome());
}

TEST_F(DialogueName, IsCheckedBeforeTheServerIsAsked) {
  type("/nick admin");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("; you are still ada\n"));
  type("/nick ADA");
  EXPECT_EQ(dialogue_.take_text(), "! you are ada already\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

TEST_F(DialogueName, IsChangedOnceAtATime) {
  type("/nick eve");
  (void)one_order<Rename>();
  type("/nick joe");
  EXPECT_EQ(dialogue_.take_text(), "! the server has not answered yet whether you can be eve\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  report(NameRefused{.name = "eve", .reason = Outcome::name_taken});
  type("/nick joe");
  EXPECT_EQ(one_order<Rename>().name, "joe");
}

// The server did not know the session any more.
TEST_F(DialogueName, IsStillBeingChangedInAnotherSessionUnderTheOldName) {
  type("/nick eve");
  (void)one_order<Rename>();
  join_again("ada");
  (void)dialogue_.take_orders();
  type("/nick joe");
  EXPECT_EQ(dialogue_.take_text(), "! the server has not answered yet whether you can be eve\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  join_again("eve");
  EXPECT_EQ(dialogue_.take_text(), "-- you are eve now\n");
  (void)dialogue_.take_orders();
  type("/nick joe");
  EXPECT_EQ(one_order<Rename>().name, "joe");
}

TEST_F(DialogueName, IsUsedForTheNextLogin) {
  type("/nick eve");
  join_again("eve");
  (void)dialogue_.take_orders();
  report(ended(Outcome::password_wanted));
  type("sesame");
  EXPECT_EQ(one_order<Enter>().name, "eve");
}

TEST_F(DialogueTest, DoesNotChangeItsNameBeforeTheLogin) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  type("/nick eve");
  EXPECT_EQ(dialogue_.take_text(), "! not connected yet\n");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
}

}  // namespace
}  // namespace chatd::client
