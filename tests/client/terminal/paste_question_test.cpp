// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/paste_question.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using Answer = PasteQuestion::Answer;

TEST(PasteQuestionTest, IsAskedAboutMoreThanFiveLines) {
  PasteQuestion question;
  EXPECT_FALSE(question.ask_about("1\n2\n3\n4\n5"));
  EXPECT_FALSE(question.ask_about("1\n\n2\n3\n \n4\n5")) << "blank lines are not sent";
  EXPECT_FALSE(question.is_asking());
  EXPECT_TRUE(question.ask_about("1\n2\n3\n4\n5\n6"));
  EXPECT_TRUE(question.is_asking());
  EXPECT_EQ(question.prompt(wire::Language::en),
            "send 6 lines? Enter sends them, Ctrl-C clears them: ");
  EXPECT_EQ(question.take(), "1\n2\n3\n4\n5\n6");
  EXPECT_FALSE(question.is_asking());
  EXPECT_EQ(question.take(), "");
}

TEST(PasteQuestionTest, ReadsAnswers) {
  for (const char* yes : {"", "y", "yes", "Yes", "YES.", "是", "是。"}) {
    EXPECT_EQ(PasteQuestion::read(yes), Answer::yes) << yes;
  }
  for (const char* no : {"n", "no", "No!", "否", "否。"})
    EXPECT_EQ(PasteQuestion::read(no), Answer::no) << no;
  EXPECT_EQ(PasteQuestion::read("hello"), Answer::unclear);
}

}  // namespace
}  // namespace chatd::client
