// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that are longer than the window is wide.
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;

class WordWrap : public ChatOnScreen {
 protected:
  WordWrap() : ChatOnScreen{40} {
    bob_.enter();
    start();
  }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(WordWrap, WordsAreNotDividedAndFurtherRowsAreIndented) {
  bob_.say("the quick brown fox jumps over the lazy dog");
  EXPECT_TRUE(screen_.has_row("      over the lazy dog"));
  EXPECT_TRUE(has_divided_line("bob: the quick brown fox jumps over the lazy dog"));
  EXPECT_TRUE(screen_.ends_with("ada>"));
  screen_.enter("/msg nobody the quick brown fox");
  EXPECT_TRUE(screen_.has_row("  /msg nobody the quick brown fox"));
}

// The row ends at the last column: no empty row follows.
TEST_F(WordWrap, ARowCanTakeTheWholeWidth) {
  bob_.say("the quick brown fox jumped ok next");
  EXPECT_TRUE(screen_.has_row("      next"));
  EXPECT_THAT(timeless(screen_.history()), HasSubstr("jumped ok\n      next\n"));
}

TEST_F(WordWrap, ChineseIsDividedBetweenCharacters) {
  bob_.say("一二三四五六七八九十甲乙丙丁戊己庚辛");
  EXPECT_TRUE(screen_.has_row("      戊己庚辛"));
  bob_.say("一二三四五六七八九十甲乙丙丁，己庚辛");
  EXPECT_TRUE(screen_.has_row("      丁，己庚辛")) << "no row begins with a comma";
}

// The terminal divides it, so that it can be selected, or opened, as one word.
TEST_F(WordWrap, AWordThatIsLongerThanARowStaysOneWord) {
  const std::string url = "https://example.org/" + std::string(70, 'x');
  bob_.say("see " + url + " please");
  EXPECT_TRUE(has_line("bob: see " + url + " please"));
}

// A resize does not change lines that are on the screen. New lines have the new width.
TEST_F(WordWrap, FollowsTheWidthOfTheWindow) {
  bob_.say("the quick brown fox jumps over the lazy dog");
  ASSERT_TRUE(screen_.has_row("      over the lazy dog"));
  screen_.resize(80, 24);
  ASSERT_TRUE(screen_.ends_with("ada>"));
  screen_.enter("the five boxing wizards jump quickly and quietly");
  EXPECT_TRUE(has_line("ada: the five boxing wizards jump quickly and quietly ✓"));
  EXPECT_TRUE(screen_.has_row("      over the lazy dog"));
  screen_.resize(19, 24);
  ASSERT_TRUE(screen_.ends_with("ada>"));
  screen_.enter("too narrow to divide lines");
  EXPECT_TRUE(has_line("ada: too narrow to divide lines ✓"));
}

}  // namespace
}  // namespace chatd::test
