// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/phrases.hpp"

#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

using std::chrono::milliseconds;

constexpr Language kLanguages[] = {Language::en, Language::zh};

std::string rate_notice(Language language, double per_second, milliseconds wait,
                        std::size_t room = 500) {
  std::string out(room, '#');
  out.resize(render_rate_notice(language, per_second, wait, out));
  return out;
}

std::string too_long(Language language, std::size_t bytes, std::size_t limit) {
  std::string out(500, '#');
  out.resize(render_too_long(language, bytes, limit, out));
  return out;
}

std::string removed(Language language, std::string_view reason, std::size_t room = 500) {
  std::string out(room, '#');
  out.resize(render_removed(language, reason, out));
  return out;
}

TEST(Phrases, FitTheSmallestLoginBuffer) {
  for (const Language language : kLanguages) {
    for (std::size_t i = 0; i < kPhrases; ++i) {
      const auto text = phrase(language, static_cast<Phrase>(i));
      EXPECT_FALSE(text.empty()) << i;
      EXPECT_LE(text.size(), 120U) << text;
    }
  }
}

TEST(Phrases, AreOneLineOfUtf8AndNoReplyThatAClientWaitsFor) {
  for (const Language language : kLanguages) {
    for (std::size_t i = 0; i < kPhrases; ++i) {
      const auto text = phrase(language, static_cast<Phrase>(i));
      EXPECT_TRUE(is_utf8(text)) << text;
      EXPECT_EQ(text.find_first_of("\r\n\t"), std::string_view::npos) << text;
      EXPECT_FALSE(text.starts_with("OK") || text.starts_with("EXIT")) << text;
    }
  }
}

TEST(Phrases, AreAllDifferent) {
  std::set<std::string_view> seen;
  for (const Language language : kLanguages) {
    for (std::size_t i = 0; i < kPhrases; ++i)
      seen.insert(phrase(language, static_cast<Phrase>(i)));
  }
  EXPECT_EQ(seen.size(), 2 * kPhrases);
}

TEST(Phrases, EveryNameFaultHasItsOwn) {
  EXPECT_EQ(phrase_of(NameFault::empty), Phrase::name_empty);
  EXPECT_EQ(phrase_of(NameFault::too_long), Phrase::name_too_long);
  EXPECT_EQ(phrase_of(NameFault::not_utf8), Phrase::name_not_utf8);
  EXPECT_EQ(phrase_of(NameFault::has_space), Phrase::name_has_space);
  EXPECT_EQ(phrase_of(NameFault::not_printable), Phrase::name_not_printable);
  EXPECT_EQ(phrase_of(NameFault::reserved), Phrase::name_reserved);
  EXPECT_EQ(phrase_of(NameFault::like_a_mark), Phrase::name_like_a_mark);
}

TEST(Phrases, ARefusalSaysWhatWouldBeRight) {
  EXPECT_EQ(phrase(Language::en, Phrase::name_taken), "That name is taken; choose another name.");
  for (const Language language : kLanguages) {
    EXPECT_NE(phrase(language, Phrase::not_in_room).find("L "), std::string_view::npos);
    EXPECT_NE(phrase(language, Phrase::name_too_long).find("32"), std::string_view::npos);
    EXPECT_NE(phrase(language, Phrase::name_too_long).find("64"), std::string_view::npos);
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

TEST(RateNotice, FitsWithAnyFigures) {
  using Doubles = std::numeric_limits<double>;
  for (const Language language : kLanguages) {
    for (const double rate :
         {0.0, -1e300, Doubles::max(), Doubles::min(), Doubles::infinity(), Doubles::quiet_NaN()}) {
      EXPECT_LE(rate_notice(language, rate, milliseconds::max()).size(), kMaxPhraseBytes);
      EXPECT_LE(rate_notice(language, rate, milliseconds::min()).size(), kMaxPhraseBytes);
    }
  }
}

TEST(RateNotice, AShortBufferCutsBetweenCharacters) {
  const std::string whole = rate_notice(Language::zh, 5, milliseconds{400});
  for (std::size_t room = 0; room < whole.size(); ++room) {
    const std::string cut = rate_notice(Language::zh, 5, milliseconds{400}, room);
    EXPECT_TRUE(is_utf8(cut) && whole.starts_with(cut)) << room;
  }
}

TEST(TooLong, NamesBothSizes) {
  EXPECT_EQ(too_long(Language::en, 1024, 900),
            "Not sent: it has 1024 bytes, at most 900 are allowed. Send it in parts.");
  EXPECT_EQ(too_long(Language::zh, 1024, 900),
            "没有发出：共 1024 字节，上限 900 字节。请分几条发送。");
}

TEST(TooLong, FitsWithAnyFigures) {
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  for (const Language language : kLanguages) {
    EXPECT_LE(too_long(language, kMost, kMost).size(), kMaxPhraseBytes);
  }
}

TEST(Removed, GivesTheReasonIfThereIsOne) {
  EXPECT_EQ(removed(Language::en, ""), "You were removed from the room by the administrator.");
  EXPECT_EQ(removed(Language::en, "flooding"),
            "You were removed from the room by the administrator: flooding");
  EXPECT_EQ(removed(Language::zh, ""), "您被管理员移出了聊天室。");
  EXPECT_EQ(removed(Language::zh, "刷屏"), "您被管理员移出了聊天室： 刷屏");
}

TEST(Removed, AShortBufferCutsBetweenCharacters) {
  const std::string whole = removed(Language::zh, "刷屏");
  for (std::size_t room = 0; room < whole.size(); ++room) {
    const std::string cut = removed(Language::zh, "刷屏", room);
    EXPECT_TRUE(is_utf8(cut) && whole.starts_with(cut)) << room;
  }
}

}  // namespace
}  // namespace chatd::wire
