// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/own_questions.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using wire::OwnAct;

constexpr MonoTime kNow{hours{1}};

DeviceAsks device(const std::string& key) {
  return {.name = "ada", .facts = "key\t" + key + "\naddress\there"};
}

TEST(OwnQuestions, TheAnswerIsForTheDeviceThatWasShown) {
  OwnQuestions questions;
  EXPECT_FALSE(questions.is_due());
  questions.ask_about(device("one"));
  EXPECT_TRUE(questions.is_due());
  EXPECT_FALSE(questions.is_asking());
  EXPECT_EQ(questions.show_device(kNow).facts, device("one").facts);
  EXPECT_TRUE(questions.is_asking());
  questions.ask_about(device("two"));
  EXPECT_FALSE(questions.is_due()) << "another question is shown";
  const auto order = questions.take(true);
  EXPECT_EQ(order, (OwnOrder{.act = OwnAct::answer, .yes = true, .key = "one"}));
  EXPECT_TRUE(questions.is_due());
}

TEST(OwnQuestions, ALineIsNoAnswerInTheFirstSecondOfAQuestion) {
  OwnQuestions questions;
  questions.ask_about(device("one"));
  (void)questions.show_device(kNow);
  EXPECT_FALSE(questions.takes_answer(kNow));
  EXPECT_FALSE(questions.takes_answer(kNow + OwnQuestions::kMinTime - milliseconds{1}));
  EXPECT_TRUE(questions.takes_answer(kNow + OwnQuestions::kMinTime));
}

TEST(OwnQuestions, ADropAndAReleaseTakeAnAnswerAtOnce) {
  OwnQuestions questions;
  questions.ask({.act = OwnAct::drop, .key = "one"}, "ada");
  EXPECT_TRUE(questions.takes_answer(kNow));
  EXPECT_EQ(questions.prompt(wire::Language::en), "remove the key one from ada (yes/no)? ");
  EXPECT_EQ(questions.take(true), (OwnOrder{.act = OwnAct::drop, .key = "one"}));
  questions.ask({.act = OwnAct::release}, "ada");
  EXPECT_EQ(questions.prompt(wire::Language::zh), "放弃名字 ada 吗（yes/no）？");
  EXPECT_EQ(questions.take(false), std::nullopt) << "a no changes nothing";
}

TEST(OwnQuestions, ANoIsSentForADevice) {
  OwnQuestions questions;
  questions.ask_about(device("one"));
  (void)questions.show_device(kNow);
  EXPECT_EQ(questions.take(false), (OwnOrder{.act = OwnAct::answer, .key = "one"}));
  EXPECT_EQ(questions.take(true), std::nullopt) << "nothing is asked any more";
}

TEST(OwnQuestions, TheQuestionEndsWhenAnotherProgramHasAnsweredTheDevice) {
  OwnQuestions questions;
  questions.ask_about(device("one"));
  questions.forget("one");
  EXPECT_FALSE(questions.is_due());
  questions.ask_about(device("one"));
  (void)questions.show_device(kNow);
  questions.forget("two");
  EXPECT_TRUE(questions.is_asking());
  questions.forget("one");
  EXPECT_FALSE(questions.is_asking());
  questions.ask({.act = OwnAct::drop, .key = "one"}, "ada");
  questions.forget("one");
  EXPECT_TRUE(questions.is_asking()) << "that is another question";
}

TEST(OwnQuestions, OnlyYesAndNoAreAnswers) {
  using enum OwnQuestions::Answer;
  for (const char* text : {"yes", "y", "YES", "是"}) EXPECT_EQ(OwnQuestions::read(text), yes);
  for (const char* text : {"no", "n", "否"}) EXPECT_EQ(OwnQuestions::read(text), no);
  for (const char* text : {"", "yes please", "hello", "/quit"}) {
    EXPECT_EQ(OwnQuestions::read(text), unclear) << text;
  }
}

}  // namespace
}  // namespace chatd::client
