// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"

namespace chatd::client {
namespace {

TEST(FoldedText, HasNoDifferencesOfCaseWidthAndForm) {
  EXPECT_EQ(folded_text("ＡDA Mu\u0308ller"), "ada müller");
  EXPECT_EQ(folded_text("A\xff"), "A\xff") << "not UTF-8";
  EXPECT_EQ(folded_text(std::string(1000, 'X')), std::string(1000, 'x'));
}

TEST(FoldedText, OfAsciiIsThatOfTheSameTextBesideOtherCharacters) {
  std::string ascii;
  for (char c = 0; c < 127; ++c) ascii += c;
  EXPECT_EQ(folded_text(ascii) + "é", folded_text(ascii + "é"));
}

TEST(SafeText, DoesNotChangeHarmlessText) {
  EXPECT_EQ(safe_text("hello, 小明 😀 é"), "hello, 小明 😀 é");
  EXPECT_EQ(safe_text(""), "");
}

TEST(SafeText, MakesEscapeSequencesVisible) {
  EXPECT_EQ(safe_text("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  EXPECT_EQ(safe_text("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(safe_text("a\x08\x7f"), "a\\x08\\x7f");
  EXPECT_EQ(safe_text("\xc2\x9b"
                      "2J"),
            "\\x9b2J");  // CSI as one C1 character
}

TEST(SafeText, ReplacesLineBreaksAndTabsByBlanks) {
  EXPECT_EQ(safe_text("a\nb\rc\td\xe2\x80\xa8"
                      "e"),
            "a b c d e");
}

TEST(SafeText, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(safe_text("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(safe_text("\xe5\xb0"), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(safe_text("\x9b"), "\xef\xbf\xbd");  // CSI for a terminal in an 8-bit mode
}

TEST(SafeText, ReplacesBidiControls) {
  EXPECT_EQ(safe_text("a\xe2\x80\xae"
                      "b"),
            "a?b");
}

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ResultOf;

std::vector<std::string> split(std::string_view text, std::size_t max_bytes) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const auto piece = first_message(text, max_bytes);
    pieces.emplace_back(piece);
    if (piece.empty()) break;
    text.remove_prefix(piece.size());
  }
  return pieces;
}

TEST(SplitText, ATextThatFitsIsOneMessage) {
  EXPECT_THAT(split("", 10), ElementsAre());
  EXPECT_THAT(split("0123456789", 10), ElementsAre("0123456789"));
}

TEST(SplitText, CutsAfterABlankNearTheLimit) {
  EXPECT_THAT(split("tea at the house", 10), ElementsAre("tea at the", " house"));
  EXPECT_THAT(split("tea at one o'clock", 12), ElementsAre("tea at one ", "o'clock"));
  EXPECT_THAT(split("好 好好好好", 10), ElementsAre("好 好好", "好好"));
}

TEST(SplitText, CutsAWordWithoutABlankNearby) {
  EXPECT_THAT(split("a 0123456789abcdef", 10), ElementsAre("a 01234567", "89abcdef"));
}

TEST(SplitText, KeepsCharactersWhole) {
  EXPECT_THAT(split("好吗好吗", 7), ElementsAre("好吗", "好吗"));
  EXPECT_THAT(split("abc\u0301d", 4), ElementsAre("ab", "c\u0301d"));  // c with an accent
  EXPECT_THAT(split("abcd👨‍👩‍👧", 18),
              ElementsAre("abcd", "👨‍👩‍👧"));  // one family of 18 bytes
  EXPECT_THAT(split("ab🇩🇪🇫🇷", 14), ElementsAre("ab🇩🇪", "🇫🇷"));
}

TEST(SplitText, CutsManyAccentsBetweenCodePoints) {
  std::string accented = "a";
  for (int i = 0; i < 20; ++i) accented += "\u0301";
  EXPECT_THAT(split(accented, 9), Each(ResultOf(&wire::is_utf8, true)));
}

TEST(SplitText, CutsBytesThatAreNotUtf8Anywhere) {
  EXPECT_THAT(split(std::string(9, '\x80'), 4),
              ElementsAre(std::string(4, '\x80'), std::string(4, '\x80'), "\x80"));
  // A complete character, followed by more continuation bytes.
  EXPECT_THAT(split("\xE4\xBA\xA4\x82\x8A", 4), ElementsAre("\xE4\xBA\xA4\x82", "\x8A"));
}

TEST(IsBlank, KnowsTheCharactersThatDoNotShow) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\n"));
  EXPECT_FALSE(is_blank(" x "));
}

TEST(Trim, RemovesBlanksAtBothEnds) {
  EXPECT_EQ(trim(" \t two  words \t"), "two  words");
  EXPECT_EQ(trim(" \t "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(TakeWord, ReturnsOneWordAtATime) {
  std::string_view text = "one\t two  three ";
  EXPECT_EQ(take_word(text), "one");
  EXPECT_EQ(text, "two  three");
  EXPECT_EQ(take_word(text), "two");
  EXPECT_EQ(take_word(text), "three");
  EXPECT_EQ(take_word(text), "");
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace chatd::client
