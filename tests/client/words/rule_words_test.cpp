// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/rule_words.hpp"

#include <gtest/gtest.h>

#include "tests/client/in_utc.hpp"

namespace chatd::client {
namespace {

using wire::Language;

class RuleWords : public InUtc {};

TEST_F(RuleWords, HaveTheEndAndTheReason) {
  EXPECT_EQ(ban_details(Language::en, "banned"), "");
  EXPECT_EQ(ban_details(Language::en, "banned: spam: a lot"), ": spam: a lot");
  EXPECT_EQ(ban_details(Language::en, "banned until 2026-11-29 14:05 UTC"),
            " until 2026-11-29 14:05");
  EXPECT_EQ(mute_details(Language::en, "muted until 2026-11-29 14:05 UTC: noise"),
            " until 2026-11-29 14:05: noise");
}

TEST_F(RuleWords, AreInTheUsersLanguageAlsoIfTheServerHasAnother) {
  EXPECT_EQ(ban_details(Language::zh, "banned until 2026-11-29 14:05 UTC: spam"),
            "，直到 2026-11-29 14:05：spam");
  EXPECT_EQ(ban_details(Language::en, "已被封禁，至 2026-11-29 14:05 UTC：spam"),
            " until 2026-11-29 14:05: spam");
  EXPECT_EQ(mute_details(Language::zh, "已被禁言：吵"), "：吵");
}

TEST_F(RuleWords, HaveTheEndInTheTimeZoneOfTheUser) {
  ::setenv("TZ", "XYZ-8", 1);  // eight hours before UTC
  ::tzset();
  EXPECT_EQ(ban_details(Language::en, "banned until 2026-11-29 18:05 UTC: spam"),
            " until 2026-11-30 02:05: spam");
  EXPECT_EQ(ban_details(Language::en, "banned until 2026-13-29 18:05 UTC"),
            " until 2026-13-29 18:05 UTC")
      << "there is no such month";
}

TEST_F(RuleWords, OfARemovalHaveWhoDidItAndWhy) {
  EXPECT_EQ(removal_text(Language::zh, "by ada: 太吵: 真的"), "执行者 ada：太吵: 真的");
  EXPECT_EQ(removal_text(Language::zh, "by ada"), "执行者 ada");
  EXPECT_EQ(removal_text(Language::en, "by ada: noise"), "by ada: noise");
  EXPECT_EQ(removal_text(Language::zh, "the room was dropped"), "房间已被删除");
  EXPECT_EQ(removal_text(Language::en, "by the administrator: noise"),
            "by the administrator: noise");
  for (const char* other : {"", "by ", "by : noise", "by the way: no", "spam", "removed: by ada"}) {
    EXPECT_EQ(removal_text(Language::zh, other), other);
  }
}

TEST_F(RuleWords, ATextOfAnotherFormIsNotRead) {
  for (const char* text :
       {"", "You are banned.", "banned for ever", "banned until", "banned until tomorrow",
        "banned until 2026-11-29 14:05", "banned until 2026-11-29 14:05 UTC, spam",
        "banned until 2026-11-2\xff 14:05 UTC", "banned:spam", "muted", "已被封禁: spam"}) {
    EXPECT_EQ(ban_details(Language::en, text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace chatd::client
