// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that are not confirmed when a session ends.
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

TEST_F(DialogueTest, AMessageThatTheSessionHasLeftBehindIsUnconfirmed) {
  join_room();
  type("hello");
  type("/join lab");
  type("held");
  type("quit");
  EXPECT_EQ(dialogue_.take_text(), "");
  report(ended(Outcome::done));
  EXPECT_EQ(dialogue_.outcome(), Outcome::not_confirmed);
  EXPECT_EQ(dialogue_.closing_line(), "the server has not confirmed everything: 3 messages");
  EXPECT_EQ(dialogue_.take_text(),
            "! not sent: the session ended before the server confirmed it: held\n"
            "! not confirmed, perhaps sent: hello\n! not confirmed, perhaps sent: /join lab\n");
}

TEST_F(DialogueTest, AMessageOfASessionBeforeAQuestionIsShownWithIt) {
  join_room();
  type("hello");
  report(ended(Outcome::name_taken));
  EXPECT_EQ(dialogue_.take_text(),
            "! not confirmed, perhaps sent: hello\n! the name ada is taken\n");
  EXPECT_EQ(prompt(), "another name: ");
}

}  // namespace
}  // namespace chatd::client
