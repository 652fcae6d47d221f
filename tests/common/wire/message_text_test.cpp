// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/message_text.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"
#include "tests/common/wire/encode.hpp"

namespace chatd::wire {
namespace {

void expect_cleaned(std::string_view raw, std::string_view expected) {
  std::array<char, kMaxMessageBytes> out{};
  const auto text = clean_text(raw, kMaxMessageBytes, out);
  ASSERT_TRUE(text) << raw << ": fault " << static_cast<int>(text.error());
  EXPECT_EQ(*text, expected);
}

void expect_fault(std::string_view raw, TextFault fault) {
  std::array<char, kMaxMessageBytes> out{};
  const auto text = clean_text(raw, kMaxMessageBytes, out);
  ASSERT_FALSE(text) << raw;
  EXPECT_EQ(text.error(), fault) << raw;
}

TEST(CleanText, KeepsOrdinaryText) {
  for (const std::string_view raw :
       {"hello", " two  blanks ", "a\tb", "你好，大家好！", "naïve café", "👩\u200d👩\u200d👧",
        "مرحبا", "שָׁלוֹם", "\u200fمرحبا"}) {
    expect_cleaned(raw, raw);
  }
}

TEST(CleanText, ALineBreakOfAnyKindIsOneSpace) {
  expect_cleaned("a\nb\rc\vd\fe", "a b c d e");
  expect_cleaned("a\r\nb", "a  b");
  expect_cleaned("a\u0085b\u2028c\u2029d", "a b c d");
}

TEST(CleanText, ReplacesControlCharacters) {
  expect_cleaned("\x1b[2J", "?[2J");
  expect_cleaned("a\bb\a\x7f", "a?b??");
  expect_cleaned(std::string_view{"a\0b", 3}, "a?b");
  expect_cleaned("\u009b31m\u0090", "?31m?");
}

TEST(CleanText, ReplacesBidiControls) {
  expect_cleaned("\u202eevil\u202c", "?evil?");
  expect_cleaned("\u2066a\u2067b\u2068c\u2069", "?a?b?c?");
  expect_cleaned("\u202aa\u202bb\u202d", "?a?b?");
}

TEST(CleanText, NoControlIsLeftOfAnyCodePoint) {
  std::array<char, 16> out{};
  for (char32_t point = 0; point < 0xD800; ++point) {
    const std::string raw = "x" + encoded(point);
    const auto text = clean_text(raw, raw.size(), out);
    ASSERT_TRUE(text) << static_cast<unsigned>(point);
    ASSERT_LE(text->size(), raw.size());
    std::string_view rest = text->substr(1);
    const auto left = take_character(rest);
    ASSERT_TRUE(left);
    EXPECT_TRUE(*left == '\t' || !is_control(*left)) << static_cast<unsigned>(point);
    EXPECT_FALSE(is_line_break(*left) || is_bidi_control(*left)) << static_cast<unsigned>(point);
  }
}

TEST(CleanText, TextWithoutAVisibleCharacterIsEmpty) {
  for (const std::string_view raw :
       {"", " ", "\t \t", "\n", "\u3000\u00a0", "\u200b", "\u2800", "\ufe0f", "\u202e"}) {
    expect_fault(raw, TextFault::empty);
  }
}

TEST(CleanText, TheLimitIsInBytesAndJudgedFirst) {
  expect_cleaned(std::string(900, 'x'), std::string(900, 'x'));
  expect_fault(std::string(901, 'x'), TextFault::too_long);
  expect_fault(std::string(901, ' '), TextFault::too_long);
  expect_fault(std::string(901, '\xff'), TextFault::too_long);
  std::array<char, 4> out{};
  EXPECT_EQ(clean_text("four", 4, out), "four");
  EXPECT_EQ(clean_text("fives", 4, out), std::unexpected{TextFault::too_long});
}

TEST(CleanText, RefusesBytesThatAreNotUtf8) {
  for (const std::string_view raw : {"a\xff", "\xc0\xaf", "\xe0\x80\x8a", "\xed\xa0\x80",
                                     "\xf4\x90\x80\x80", "\xe4\xbd", "\x80", "\x9b"}) {
    expect_fault(raw, TextFault::not_utf8);
  }
}

TEST(CleanText, HalfACharacterAtTheLimitIsNotUtf8) {
  std::string raw = "a";
  while (raw.size() < 901) raw += "好";
  expect_fault(raw.substr(0, 900), TextFault::not_utf8);
}

}  // namespace
}  // namespace chatd::wire
