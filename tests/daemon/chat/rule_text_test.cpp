// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_text.hpp"

#include <array>
#include <string>

#include "common/wire/reasons.hpp"
#include "common/wire/unicode.hpp"
#include "tests/daemon/chat/rules_fixture.hpp"

namespace chatd::chat {
namespace {

using state::RuleKind;
using wire::Language;

// 2026-11-29 14:05 UTC
constexpr WallTime kEnd{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} +
                        std::chrono::hours{14} + std::chrono::minutes{5}};

class RuleTextTest : public RulesFixture {
 protected:
  static Making because(Making making, std::string_view reason) {
    making.reason = reason;
    return making;
  }
  std::string text(const Making& making, Language language = Language::en,
                   std::size_t limit = 300) {
    std::vector<char> out(limit);
    return std::string{rule_text(rules_.row(add(making)), language, out)};
  }
  const Making ban_{person(RuleKind::ban, 1)};
  const Making mute_{person(RuleKind::mute, 1)};
};

TEST_F(RuleTextTest, HasTheEndAndTheReason) {
  EXPECT_EQ(text(ban_), "banned");
  EXPECT_EQ(text(mute_), "muted");
  EXPECT_EQ(text(because(ban_, "spam")), "banned: spam");
  EXPECT_EQ(text(ends_at(ban_, kEnd)), "banned until 2026-11-29 14:05 UTC");
  EXPECT_EQ(text(because(ends_at(ban_, kEnd), "spam")), "banned until 2026-11-29 14:05 UTC: spam");
  EXPECT_EQ(text(because(ends_at(mute_, kEnd), "noise")),
            "muted until 2026-11-29 14:05 UTC: noise");
}

TEST_F(RuleTextTest, IsTranslated) {
  EXPECT_EQ(text(because(ends_at(ban_, kEnd), "spam"), Language::zh),
            "已被封禁，至 2026-11-29 14:05 UTC：spam");
  EXPECT_EQ(text(mute_, Language::zh), "已被禁言");
}

// A client that logs in at this time is admitted.
TEST_F(RuleTextTest, TheEndIsRoundedUp) {
  EXPECT_EQ(text(ends_at(ban_, kEnd + Micros{1})), "banned until 2026-11-29 14:06 UTC");
  EXPECT_EQ(text(ends_at(ban_, kEnd + std::chrono::seconds{60})),
            "banned until 2026-11-29 14:06 UTC");
  EXPECT_EQ(text(ends_at(ban_, kEnd + std::chrono::hours{10})),
            "banned until 2026-11-30 00:05 UTC");
}

TEST_F(RuleTextTest, AnEndAfterTheYear9999IsNotShown) {
  EXPECT_EQ(text(ends_at(ban_, WallTime::max())), "banned");
  EXPECT_EQ(text(ends_at(ban_, WallTime{Micros{1}})), "banned until 1970-01-01 00:01 UTC");
}

TEST_F(RuleTextTest, TheReasonIsOneLineOfText) {
  EXPECT_EQ(text(because(ban_, "a\nb\x1B[31m")), "banned: a b?[31m");
  EXPECT_EQ(text(because(ban_, "\xFF")), "banned");
  EXPECT_EQ(text(because(ban_, "  ")), "banned");
}

TEST_F(RuleTextTest, IsCutBetweenCharacters) {
  std::string reason;
  while (reason.size() + 3 <= state::kMaxRuleReasonBytes) reason += "明";
  for (const Language language : {Language::en, Language::zh}) {
    const std::string whole = text(because(ends_at(ban_, kEnd), reason), language);
    EXPECT_GT(whole.size(), wire::kMaxPhraseBytes);
    for (std::size_t limit = 0; limit <= whole.size(); ++limit) {
      const std::string cut = text(because(ends_at(ban_, kEnd), reason), language, limit);
      EXPECT_LE(cut.size(), limit);
      EXPECT_GT(cut.size() + 3, limit);
      EXPECT_TRUE(whole.starts_with(cut) && wire::is_utf8(cut)) << cut;
    }
  }
}

TEST_F(RuleTextTest, ARefusalHasTheTextOfItsRuleOrOfItsReason) {
  std::array<char, wire::kMaxPhraseBytes> out{};
  const auto rule = add(because(ban_, "spam"));
  EXPECT_EQ(refusal_text({.status = AdmissionStatus::refused,
                          .reason = wire::Reason::banned,
                          .slot = {},
                          .rule = rule},
                         rules_, Language::en, out),
            "banned: spam");
  EXPECT_EQ(refusal_text({.status = AdmissionStatus::refused,
                          .reason = wire::Reason::room_full,
                          .slot = {},
                          .rule = {}},
                         rules_, Language::zh, out),
            wire::row_of(wire::Reason::room_full).server.zh);
}

}  // namespace
}  // namespace chatd::chat
