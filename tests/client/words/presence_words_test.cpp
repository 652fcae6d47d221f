// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/presence_words.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

std::string english(const JoinsAndLeaves& changes) {
  return presence_text(wire::Language::en, changes);
}
std::string chinese(const JoinsAndLeaves& changes) {
  return presence_text(wire::Language::zh, changes);
}

TEST(PresenceWords, OneMemberHasTheUsualSentence) {
  EXPECT_EQ(english({.joined = {.names = {"bob"}}}), "bob joined");
  EXPECT_EQ(english({.left = {.names = {"bob"}}}), "bob left");
  EXPECT_EQ(chinese({.joined = {.names = {"小明"}}}), "小明 进入了聊天室");
}

TEST(PresenceWords, AFewMembersAreNamed) {
  EXPECT_EQ(english({.joined = {.names = {"bob", "cy"}}}), "bob and cy joined");
  EXPECT_EQ(english({.joined = {.names = {"bob", "cy", "dan"}}}), "bob, cy and dan joined");
  EXPECT_EQ(chinese({.left = {.names = {"bob", "cy", "dan"}}}), "bob、cy 和 dan 退出了聊天室");
}

TEST(PresenceWords, OfManyMembersTwoAreNamed) {
  EXPECT_EQ(english({.joined = {.names = {"bob", "cy", "dan", "eve"}}}),
            "bob, cy and 2 others joined");
  const JoinsAndLeaves many{.joined = {.names = {"bob", "cy", "dan"}, .others = 22},
                            .left = {.names = {"eve"}}};
  EXPECT_EQ(english(many), "bob, cy and 23 others joined; eve left");
  EXPECT_EQ(chinese(many), "bob、cy 等 25 人 进入了聊天室；eve 退出了聊天室");
}

TEST(PresenceWords, CountedMembersAreOthers) {
  EXPECT_EQ(english({.joined = {.names = {"bob"}, .others = 1}}), "bob and 1 other joined");
  EXPECT_EQ(english({.joined = {.names = {"bob"}}, .left = {.others = 1}}),
            "bob joined; 1 other left");
  EXPECT_EQ(english({.joined = {.others = 12}, .left = {.names = {"bob"}}}),
            "12 others joined; bob left");
  EXPECT_EQ(chinese({.joined = {.others = 12}, .left = {.names = {"bob"}}}),
            "另外 12 人 进入了聊天室；bob 退出了聊天室");
}

TEST(PresenceWords, MembersThatAreOnlyCountedHaveTheSentenceOfACrowd) {
  EXPECT_EQ(english({.joined = {.others = 12}, .left = {.others = 3}}), "[12 joined, 3 left]");
  EXPECT_EQ(english({.joined = {.others = 12}}), "[12 joined]");
  EXPECT_EQ(chinese({.left = {.others = 3}}), "[3 人退出了聊天室]");
  EXPECT_EQ(english({}), "");
}

TEST(PresenceWords, AMemberThatJoinedAndLeftIsNamed) {
  EXPECT_EQ(english({.joined_and_left = {.names = {"cron"}}}), "cron joined and left");
  EXPECT_EQ(english({.joined = {.names = {"bob"}}, .came_back = {.names = {"dan"}}}),
            "bob joined; dan left and came back");
  EXPECT_EQ(chinese({.joined_and_left = {.names = {"cron"}}}), "cron 进入后又退出了聊天室");
}

TEST(PresenceWords, AMemberWithAnotherNameHasASentence) {
  EXPECT_EQ(english({.renamed = {{"ada", "bob"}}}), "ada is now bob");
  EXPECT_EQ(english({.renamed = {{"ada", "bob"}}, .joined = {.others = 2}}),
            "ada is now bob; 2 others joined");
  EXPECT_EQ(chinese({.renamed = {{"ada", "小明"}}, .left = {.names = {"cy"}}}),
            "ada 改名为 小明；cy 退出了聊天室");
  EXPECT_EQ(english({.renamed = {{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}, {"i", "j"}}}),
            "a is now b; c is now d; e is now f; 2 others changed their names");
}

TEST(PresenceWords, NamesAreNoFormats) {
  EXPECT_EQ(english({.joined = {.names = {"{}", "{0}"}}}), "{} and {0} joined");
}

}  // namespace
}  // namespace chatd::client
