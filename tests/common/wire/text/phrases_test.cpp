// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/phrases.hpp"

#include <limits>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

using std::chrono::milliseconds;

constexpr Language kLanguages[] = {Language::en, Language::zh};

std::string rate_notice(Language language, double per_second, milliseconds wait,
                        std::size_t capacity = 500) {
  std::string out(capacity, '#');
  out.resize(render_rate_notice(language, per_second, wait, out));
  return out;
}

std::string too_long(Language language, std::size_t bytes, std::size_t limit) {
  std::string out(500, '#');
  out.resize(render_too_long(language, bytes, limit, out));
  return out;
}

std::string removed(Language language, std::string_view reason, std::size_t capacity = 500) {
  std::string out(capacity, '#');
  out.resize(render_removed(language, reason, out));
  return out;
}

// All that are sent to a text member: they have both languages.
std::vector<Sentence> sentences() {
  std::vector<Sentence> found;
  for (const ReasonRow& row : reason_table()) {
    if (!row.server.zh.empty()) found.push_back(row.server);
  }
  return found;
}

TEST(Phrases, FitInto120Bytes) {
  EXPECT_GE(sentences().size(), 19U);
  for (const Sentence& sentence : sentences()) {
    for (const Language language : kLanguages) {
      EXPECT_FALSE(sentence.in(language).empty()) << sentence.en;
      EXPECT_LE(sentence.in(language).size(), 120U) << sentence.en;
    }
  }
}

TEST(Phrases, AreOneLineOfUtf8AndDifferFromOkAndExit) {
  for (const Sentence& sentence : sentences()) {
    for (const Language language : kLanguages) {
      const auto text = sentence.in(language);
      EXPECT_TRUE(is_utf8(text)) << text;
      EXPECT_EQ(text.find_first_of("\r\n\t"), std::string_view::npos) << text;
      EXPECT_FALSE(text.starts_with("OK") || text.starts_with("EXIT")) << text;
    }
  }
}

TEST(Phrases, AreAllDifferent) {
  std::set<std::string_view> seen;
  for (const Sentence& sentence : sentences()) {
    seen.insert(sentence.en);
    seen.insert(sentence.zh);
  }
  EXPECT_EQ(seen.size(), 2 * sentences().size());
}

TEST(Phrases, NameWhatToDoInstead) {
  EXPECT_EQ(phrase(Language::en, Reason::name_taken), "That name is taken; choose another name.");
  for (const Language language : kLanguages) {
    EXPECT_NE(phrase(language, Reason::not_in_room).find("L "), std::string_view::npos);
    EXPECT_NE(phrase(language, Reason::name_too_long).find("32"), std::string_view::npos);
    EXPECT_NE(phrase(language, Reason::name_too_long).find("64"), std::string_view::npos);
  }
}

TEST(RateNotice, NamesTheLimitAndTheWait) {
  EXPECT_EQ(rate_notice(Language::en, 5, milliseconds{400}),
            "Not sent: at most 5 messages a second. Wait 0.4 s, then send it again.");
  EXPECT_EQ(rate_notice(Language::zh, 0.5, milliseconds{2000}),
            "没有发出：每秒最多 0.5 条。请等 2.0 秒再发送。");
}

TEST(RateNotice, RoundsTheWaitUp) {
  EXPECT_NE(rate_notice(Language::en, 5, milliseconds{1}).find("Wait 0.1 s"), std::string::npos);
  EXPECT_NE(rate_notice(Language::en, 5, milliseconds{101}).find("Wait 0.2 s"), std::string::npos);
  EXPECT_NE(rate_notice(Language::en, 5, milliseconds{-5}).find("Wait 0.0 s"), std::string::npos);
}

TEST(RateNotice, FitsForAllNumbers) {
  using Doubles = std::numeric_limits<double>;
  for (const Language language : kLanguages) {
    for (const double rate :
         {0.0, -1e300, Doubles::max(), Doubles::min(), Doubles::infinity(), Doubles::quiet_NaN()}) {
      EXPECT_LE(rate_notice(language, rate, milliseconds::max()).size(), kMaxPhraseBytes);
      EXPECT_LE(rate_notice(language, rate, milliseconds::min()).size(), kMaxPhraseBytes);
    }
  }
}

TEST(RateNotice, IsCutBetweenCharactersInAShortBuffer) {
  const std::string whole = rate_notice(Language::zh, 5, milliseconds{400});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = rate_notice(Language::zh, 5, milliseconds{400}, size);
    EXPECT_TRUE(is_utf8(cut) && whole.starts_with(cut)) << size;
  }
}

TEST(TooLong, NamesBothSizes) {
  EXPECT_EQ(too_long(Language::en, 1024, 900),
            "Not sent: it has 1024 bytes, at most 900 are allowed. Send it in parts.");
  EXPECT_EQ(too_long(Language::zh, 1024, 900),
            "没有发出：共 1024 字节，上限 900 字节。请分几条发送。");
}

TEST(TooLong, FitsForAllNumbers) {
  constexpr auto kMax = std::numeric_limits<std::size_t>::max();
  for (const Language language : kLanguages) {
    EXPECT_LE(too_long(language, kMax, kMax).size(), kMaxPhraseBytes);
  }
}

TEST(Removed, AppendsTheReason) {
  EXPECT_EQ(removed(Language::en, ""), "You were removed from the server by the administrator.");
  EXPECT_EQ(removed(Language::en, "flooding"),
            "You were removed from the server by the administrator: flooding");
  EXPECT_EQ(removed(Language::zh, ""), "您被管理员移出了服务器。");
  EXPECT_EQ(removed(Language::zh, "刷屏"), "您被管理员移出了服务器： 刷屏");
}

TEST(Removed, IsCutBetweenCharactersInAShortBuffer) {
  const std::string whole = removed(Language::zh, "刷屏");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = removed(Language::zh, "刷屏", size);
    EXPECT_TRUE(is_utf8(cut) && whole.starts_with(cut)) << size;
  }
}

}  // namespace
}  // namespace chatd::wire
