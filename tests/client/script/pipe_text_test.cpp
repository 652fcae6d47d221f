// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/pipe_text.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using namespace std::string_literals;

std::string clean(std::string_view bytes) {
  PipeText all;
  std::string text = all.take(bytes);
  text += all.end();
  // The result is the same if the input comes byte by byte.
  PipeText single;
  std::string again;
  for (const char byte : bytes) again += single.take({&byte, 1});
  again += single.end();
  EXPECT_EQ(again, text);
  return text;
}

TEST(PipeText, DoesNotChangeText) {
  EXPECT_EQ(clean("make: *** [all]\n\tError 2\n小明 😀\n"), "make: *** [all]\n\tError 2\n小明 😀\n");
  EXPECT_EQ(clean("a\0b"s), "a\0b"s);
  EXPECT_EQ(clean(""), "");
}

TEST(PipeText, RemovesACarriageReturnBeforeALineBreak) {
  EXPECT_EQ(clean("one\r\ntwo\r\n"), "one\ntwo\n");
  EXPECT_EQ(clean("10%\r20%\r\r\n"), "10%\r20%\r\n");
  EXPECT_EQ(clean("end\r"), "end\r");
}

TEST(PipeText, RemovesColoursAndMovesOfTheCursor) {
  EXPECT_EQ(clean("\x1b[1mbold\x1b[0m"), "bold");
  EXPECT_EQ(clean("\x1b[38;2;255;100;0mx\x1b[m\x1b[K"), "x");
  EXPECT_EQ(clean("\x1b[?25lx\x1b[2 q"), "x");
  EXPECT_EQ(clean("\x1b(Bx\x1b)0\x1b#8\x1b=\x1b"
                  "7\x1b"
                  "8\x1b"
                  "Dy"),
            "xy");
}

TEST(PipeText, RemovesTitlesAndLinks) {
  EXPECT_EQ(clean("\x1b]0;title\ax"), "x");
  EXPECT_EQ(clean("\x1b]0;title\x1b\\x"), "x");
  EXPECT_EQ(clean("\x1b]8;;http://example/\x1b\\link\x1b]8;;\x1b\\ x"), "link x");
  EXPECT_EQ(clean("\x1bP1$r0m\x1b\\x\x1b_a\x1b\\y\x1b^p\x1b\\z\x1bXs\x1b\\"), "xyz");
  EXPECT_EQ(clean("\x1b]0;tit\x1b[1mle"), "le");  // another sequence ends it
  EXPECT_EQ(clean("\x1b]0;tit\x18le"), "le");
}

TEST(PipeText, RemovesASequenceWithoutAnEndUpToTheEndOfTheLine) {
  EXPECT_EQ(clean("a\x1b]0;title\nb"), "a\nb");
  EXPECT_EQ(clean("a\x1b[31\nb"), "a\nb");
  EXPECT_EQ(clean("a\x1b\nb"), "a\nb");
  EXPECT_EQ(clean("a\x1b"), "a");
  const std::string longest(PipeText::kLongestSequence - 2, 'x');  // after ESC ]
  EXPECT_EQ(clean("\x1b]" + longest + "rest"), "rest");
}

TEST(PipeText, KeepsTheTextAfterASequence) {
  EXPECT_EQ(clean("\x1b[31小"), "小");
  EXPECT_EQ(clean("\x1b小"), "小");
  EXPECT_EQ(clean("\x1b\x1b[1mx"), "x");
  EXPECT_EQ(clean("\x1b[1\x1b[2mx"), "x");
  EXPECT_EQ(clean("\x1b[1\tx"), "\tx");
}

TEST(PipeText, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(clean("bad\xff!"), "bad\uFFFD!");
  EXPECT_EQ(clean("caf\xe9 au lait"), "caf\uFFFD au lait");  // Latin-1
  EXPECT_EQ(clean("\x80\xbf"), "\uFFFD\uFFFD");
  EXPECT_EQ(clean("\xc0\xaf"), "\uFFFD\uFFFD");  // an overlong form
  EXPECT_EQ(clean("\xe0\x80\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(clean("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(clean("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(clean("\xf5"), "\uFFFD");
}

TEST(PipeText, ReplacesAnIncompleteCharacterByOneReplacementCharacter) {
  EXPECT_EQ(clean("\xe5\xa5"), "\uFFFD");
  EXPECT_EQ(clean("\xe5\xa5x"), "\uFFFDx");
  EXPECT_EQ(clean("\xf0\x9f\x98\n"), "\uFFFD\n");
  EXPECT_EQ(clean("\xe5\x1b[1mx"), "\uFFFDx");
  EXPECT_EQ(clean("\xe5\xe5\xa5\xbd"), "\uFFFD好");
  EXPECT_EQ(clean("\xe5\r\n"), "\uFFFD\n");
}

}  // namespace
}  // namespace chatd::client
