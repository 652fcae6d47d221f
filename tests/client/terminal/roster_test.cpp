// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/roster.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

TEST(Roster, FindsNamesByTheirBeginningInAnyCase) {
  Roster roster;
  for (const char* name : {"ada", "Adam", "bob", "小明"}) roster.add(name);
  EXPECT_THAT(roster.beginning_with("AD"), ElementsAre("ada", "Adam"));
  EXPECT_THAT(roster.beginning_with("小"), ElementsAre("小明"));
  EXPECT_THAT(roster.beginning_with("x"), ElementsAre());
  EXPECT_EQ(roster.beginning_with("").size(), 4U);
}

TEST(Roster, RemovesANameInAnyCase) {
  Roster roster;
  roster.add("ada");
  roster.add("ADA");  // the same name
  EXPECT_EQ(roster.size(), 1U);
  roster.remove("Ada");
  EXPECT_EQ(roster.size(), 0U);
}

TEST(Roster, HasAtMostItsLimitOfNames) {
  Roster roster;
  for (std::size_t i = 0; i <= Roster::kMaxNames; ++i) roster.add("m" + std::to_string(i));
  EXPECT_EQ(roster.size(), Roster::kMaxNames);
}

TEST(Mentions, AreWholeWords) {
  EXPECT_TRUE(mentions("hi Ada!", "ada"));
  EXPECT_TRUE(mentions("@ada: tea?", "ada"));
  EXPECT_TRUE(mentions("adam and ada", "ada"));
  EXPECT_FALSE(mentions("adam", "ada"));
  EXPECT_FALSE(mentions("canada", "ada"));
  EXPECT_FALSE(mentions("ada_2", "ada"));
  EXPECT_FALSE(mentions("hello", ""));
}

TEST(Mentions, AreWholeWordsInEachScriptWithBlanks) {
  EXPECT_TRUE(mentions("аня, привет", "Аня"));
  EXPECT_FALSE(mentions("Анятка, привет", "Аня"));
  EXPECT_FALSE(mentions("Ваня", "аня"));
  EXPECT_TRUE(mentions("MÜLLER: tea?", "müller"));
  EXPECT_TRUE(mentions("mu\u0308ller?", "müller")) << "another form";
  EXPECT_TRUE(mentions("ＡＤＡ?", "ada"));
  EXPECT_FALSE(mentions("anaïs", "ana"));
  EXPECT_FALSE(mentions("ïana", "ana"));
  EXPECT_TRUE(
      mentions("\xff"
               "ada\xff",
               "ada"))
      << "not UTF-8";
}

TEST(Mentions, DoNotNeedBlanksInChinese) {
  EXPECT_TRUE(mentions("アダさん、ada님, ขอadaด้วย", "ada"));
  EXPECT_TRUE(mentions("アダさん", "アダ"));
  EXPECT_TRUE(mentions("你好小明你在吗", "小明"));
  EXPECT_TRUE(mentions("请问ada在吗", "ada"));
}

}  // namespace
}  // namespace chatd::client
