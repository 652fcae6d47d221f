// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/split_text.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/unicode.hpp"

namespace chatd::client {
namespace {

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

}  // namespace
}  // namespace chatd::client
