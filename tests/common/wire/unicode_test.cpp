// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/unicode.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

TEST(Utf8, ReadsCharactersOfEveryLength) {
  std::string_view rest = "aé好𠀀";
  for (const char32_t expected : {U'a', U'é', U'好', U'𠀀'})
    EXPECT_EQ(take_character(rest), expected);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(take_character(rest), std::nullopt);
}

TEST(Utf8, AcceptsTheLimitsOfUtf8AndRefusesIllFormedBytes) {
  for (const std::string_view good : {"\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff",
                                      "\U00010000", "\U0010ffff", ""}) {
    EXPECT_TRUE(is_utf8(good));
  }
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xc3", "\xe5\xa5",
        "\xf0\xa0\x80", "\xc3(", "\xe5\xa5("}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_TRUE(is_utf8(std::string_view{"\0", 1}));
}

TEST(Utf8, LeavesIllFormedBytesInTheText) {
  std::string_view rest =
      "\xff"
      "a";
  EXPECT_EQ(take_character(rest), std::nullopt);
  EXPECT_EQ(rest.size(), 2U);
}

TEST(Utf8, IsAsciiChecksEveryByte) {
  EXPECT_TRUE(is_ascii(""));
  EXPECT_TRUE(is_ascii("ada\x7f"));
  EXPECT_FALSE(is_ascii("ada\x80"));
}

TEST(CutTo, NeverEndsInsideACharacter) {
  EXPECT_EQ(cut_to("好吗", 6), "好吗");
  EXPECT_EQ(cut_to("好吗", 5), "好");
  EXPECT_EQ(cut_to("好吗", 3), "好");
  EXPECT_EQ(cut_to("好吗", 2), "");
  EXPECT_EQ(cut_to("a𠀀", 4), "a");
  EXPECT_EQ(cut_to("abc", 2), "ab");
  EXPECT_EQ(cut_to("", 0), "");
}

TEST(CutTo, CutsBytesThatAreNotUtf8AtTheLimit) {
  EXPECT_EQ(cut_to(std::string(20, '\x80'), 10).size(), 10U);
}

TEST(IsBoundary, IsFalseBeforeACombiningMark) {
  std::int32_t state = 0;
  EXPECT_TRUE(is_boundary('a', 'b', state));
  EXPECT_FALSE(is_boundary('b', 0x301, state));
  EXPECT_TRUE(is_boundary(0x301, 'c', state));
}

TEST(IsBoundary, KeepsTheTwoPartsOfAFlagTogether) {
  constexpr char32_t kLetter = 0x1F1E9;
  std::int32_t state = 0;
  EXPECT_FALSE(is_boundary(kLetter, kLetter, state));
  EXPECT_TRUE(is_boundary(kLetter, kLetter, state));
  EXPECT_FALSE(is_boundary(kLetter, kLetter, state));
}

TEST(WriteCut, StopsAtThePieceThatDoesNotFit) {
  constexpr std::array<std::string_view, 3> kPieces{"ab", "好", "c"};
  std::string out(6, '#');
  EXPECT_EQ(write_cut(kPieces, out), 6U);
  EXPECT_EQ(out, "ab好c");
  EXPECT_EQ(write_cut(kPieces, std::span{out}.first(4)), 2U);
  EXPECT_EQ(write_cut(kPieces, {}), 0U);
}

TEST(Properties, DistinguishWhiteSpaceAndLineBreaks) {
  for (const char32_t point :
       {U' ', U'\t', U'\n', U'\r', U'\u0085', U'\u00a0', U'\u3000', U'\u2028', U'\u2029'}) {
    EXPECT_TRUE(is_white_space(point));
    EXPECT_TRUE(is_blank(point));
  }
  for (const char32_t point : {U'a', U'\b', U'\u200b', U'好'}) EXPECT_FALSE(is_white_space(point));
  for (const char32_t point : {U'\n', U'\v', U'\f', U'\r', U'\u0085', U'\u2028', U'\u2029'}) {
    EXPECT_TRUE(is_line_break(point));
  }
  EXPECT_FALSE(is_line_break('\t'));
  EXPECT_FALSE(is_line_break(' '));
}

TEST(Properties, ControlsAreC0DeleteAndC1) {
  for (char32_t point = 0; point < 0x200; ++point) {
    EXPECT_EQ(is_control(point), point < 0x20 || (point >= 0x7f && point < 0xa0))
        << static_cast<unsigned>(point);
  }
}

TEST(Properties, PrintableCharactersAreVisibleOnes) {
  for (const char32_t point : {U'a', U'好', U'\u0301', U'🎉', U'\ufe0f', U'\u00e9'}) {
    EXPECT_TRUE(is_printable(point)) << static_cast<unsigned>(point);
  }
  for (const char32_t point : {U'\x01', U'\x7f', U'\u009b', U'\u200b', U'\u202e', U'\u3164',
                               U'\u2800', U'\ue000', U'\u0378', U'\U000E0041', U'\u034f'}) {
    EXPECT_FALSE(is_printable(point)) << static_cast<unsigned>(point);
  }
}

TEST(Properties, DistinguishCombiningMarksLettersAndDigits) {
  EXPECT_TRUE(is_combining(U'\u0301'));
  EXPECT_TRUE(is_combining(U'\u20dd'));
  EXPECT_TRUE(is_combining(U'\u0903'));
  EXPECT_FALSE(is_combining(U'a'));
  EXPECT_TRUE(is_letter_or_digit(U'7'));
  EXPECT_TRUE(is_letter_or_digit(U'好'));
  EXPECT_FALSE(is_letter_or_digit(U'['));
  EXPECT_FALSE(is_letter_or_digit(U'：'));
}

TEST(Normalize, MakesBothForms) {
  NormalBuffer buffer;
  EXPECT_EQ(normalize("e\u0301", Form::nfc, buffer), "\u00e9");
  EXPECT_EQ(normalize("\u00e9", Form::nfd, buffer), "e\u0301");
  EXPECT_EQ(normalize("ＡDMIN", Form::nfkc_casefold, buffer), "admin");
  EXPECT_EQ(normalize("", Form::nfc, buffer), "");
}

TEST(Normalize, RefusesIllFormedAndTooLongText) {
  NormalBuffer buffer;
  EXPECT_EQ(normalize("\xff", Form::nfc, buffer), std::nullopt);
  EXPECT_EQ(normalize(std::string(kMaxNormalBytes, 'x'), Form::nfc, buffer),
            std::string(kMaxNormalBytes, 'x'));
  EXPECT_EQ(normalize(std::string(kMaxNormalBytes + 1, 'x'), Form::nfc, buffer), std::nullopt);
  // This character has three bytes, and becomes eighteen characters when it is folded.
  std::string grows;
  while (grows.size() + 3 <= kMaxNormalBytes) grows += "\ufdfa";
  EXPECT_EQ(normalize(grows, Form::nfkc_casefold, buffer), std::nullopt);
  EXPECT_TRUE(normalize(grows, Form::nfc, buffer));
}

}  // namespace
}  // namespace chatd::wire
