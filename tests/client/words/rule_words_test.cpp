// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/rule_words.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using wire::Language;

TEST(RuleWords, HaveTheEndAndTheReason) {
  EXPECT_EQ(ban_details(Language::en, "banned"), "");
  EXPECT_EQ(ban_details(Language::en, "banned: spam: a lot"), ": spam: a lot");
  EXPECT_EQ(ban_details(Language::en, "banned until 2026-11-29 14:05 UTC"),
            " until 2026-11-29 14:05 UTC");
  EXPECT_EQ(mute_details(Language::en, "muted until 2026-11-29 14:05 UTC: noise"),
            " until 2026-11-29 14:05 UTC: noise");
}

TEST(RuleWords, AreInTheUsersLanguageAlsoIfTheServerHasAnother) {
  EXPECT_EQ(ban_details(Language::zh, "banned until 2026-11-29 14:05 UTC: spam"),
            "，直到 2026-11-29 14:05 UTC：spam");
  EXPECT_EQ(ban_details(Language::en, "已被封禁，至 2026-11-29 14:05 UTC：spam"),
            " until 2026-11-29 14:05 UTC: spam");
  EXPECT_EQ(mute_details(Language::zh, "已被禁言：吵"), "：吵");
}

TEST(RuleWords, ATextOfAnotherFormIsNotRead) {
  for (const char* text :
       {"", "You are banned.", "banned for ever", "banned until", "banned until tomorrow",
        "banned until 2026-11-29 14:05", "banned until 2026-11-29 14:05 UTC, spam",
        "banned until 2026-11-2\xff 14:05 UTC", "banned:spam", "muted", "已被封禁: spam"}) {
    EXPECT_EQ(ban_details(Language::en, text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace chatd::client
