// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/safe_text.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

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

}  // namespace
}  // namespace chatd::client
