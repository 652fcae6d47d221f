// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/answers.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using Facts = Answers::Facts;

TEST(Answers, AreForTheQuestionAboutTheirRoom) {
  Answers answers;
  answers.questions = {{"lab", Facts::all}, {"pub", Facts::topic}};
  EXPECT_EQ(answers.take_question("pub"), Facts::topic);
  EXPECT_EQ(answers.take_question("lab"), Facts::all);
  EXPECT_TRUE(answers.questions.empty());
}

TEST(Answers, AboutAnotherRoomAreForTheOldestQuestion) {
  Answers answers;
  answers.questions = {{"lab", Facts::all}, {"pub", Facts::topic}};
  EXPECT_EQ(answers.take_question("attic"), Facts::all);
  EXPECT_EQ(answers.take_question("attic"), Facts::topic);
  EXPECT_TRUE(answers.questions.empty());
}

TEST(Answers, AreForTheQuestionAboutARoomThatWasRenamed) {
  Answers answers;
  answers.questions = {{"pub", Facts::topic}, {"lab", Facts::all}};
  answers.rename_room("lab", "attic");
  EXPECT_EQ(answers.take_question("attic"), Facts::all);
  EXPECT_EQ(answers.take_question("pub"), Facts::topic);
}

TEST(Answers, ToNoQuestionShowATopicOnly) {
  EXPECT_EQ(Answers{}.take_question("lab"), Facts::topic_if_any);
}

}  // namespace
}  // namespace chatd::client
