// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_view.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

constexpr Window kUsual{.columns = 20, .rows = 8};  // the line may take four of the rows

DrawnText visible(std::string_view text, std::size_t point, const Window& window = kUsual) {
  return view_of({.prompt = "> ", .text = text, .point = point, .mark = "[...] "}, window);
}

TEST(LineView, ShowsPromptAndText) {
  EXPECT_EQ(visible("hello", 5).text, "> hello ");
  EXPECT_EQ(visible("hello", 5).cursor, 7U);
  EXPECT_EQ(visible("hello", 1).cursor, 3U);
}

TEST(LineView, EndsWithABlankInTheNextRowAfterAFullRow) {
  EXPECT_EQ(visible(std::string(18, 'x'), 18).text, "> " + std::string(18, 'x') + " ");
  EXPECT_EQ(visible(std::string(18, 'x'), 18).cursor, 20U) << "on the blank";
  EXPECT_EQ(visible(std::string(17, 'x'), 17).text, "> " + std::string(17, 'x') + " ");
}

TEST(LineView, ShowsTheWholeOfALineThatFitsHalfOfTheWindow) {
  EXPECT_EQ(visible(std::string(77, 'x'), 77).text, "> " + std::string(77, 'x') + " ");
  EXPECT_EQ(visible("1\n2\n3\n4", 7).text, "> 1\n2\n3\n4 ");
}

TEST(LineView, ShowsTheRowsAroundTheCursorOfAHigherLine) {
  const std::string lines = "1\n2\n3\n4\n5\n6";
  EXPECT_EQ(visible(lines, 11).text, "> [...] \n4\n5\n6 ");
  EXPECT_EQ(visible(lines, 11).cursor, 14U);
  EXPECT_EQ(visible(lines, 8).text, "> [...] \n4\n5\n6 ");
  EXPECT_EQ(visible(lines, 4).text, "> [...] \n2\n3\n4");
  EXPECT_EQ(visible(lines, 4).cursor, 11U);
  EXPECT_EQ(visible(lines, 0).text, "> [...] \n1\n2\n3");
  EXPECT_EQ(visible(lines, 0).cursor, 9U);
}

TEST(LineView, CutsALongLineAtItsRows) {
  const std::string text = std::string(60, 'a') + std::string(20, 'b');
  EXPECT_EQ(visible(text, 80).text,
            "> [...] \n" + std::string(20, 'a') + std::string(20, 'b') + " ");
  EXPECT_EQ(visible(text, 80).cursor, 49U);
}

TEST(LineView, AlwaysShowsTheCursorInOneOfItsRows) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "word小" + std::string(i % 7 == 0 ? "\n" : "");
  for (const Window window : {kUsual, Window{20, 24}, Window{7, 4}, Window{20, 3}, Window{3, 5},
                              Window{1, 1}, Window{1, 9}, Window{2, 1}}) {
    for (std::size_t point = 0; point <= text.size(); ++point) {
      const DrawnText drawn = visible(text, point, window);
      ASSERT_LE(drawn.cursor, drawn.text.size());
      const Place end = place_behind(drawn.text, window.columns);
      EXPECT_LT(end.row, std::max<std::size_t>(1, window.rows / 2)) << point;
      const Place cursor = place_of(drawn.text, drawn.cursor, window.columns);
      EXPECT_LE(cursor.row, end.row) << point;
      EXPECT_LT(cursor.column, window.columns) << point;
    }
  }
}

TEST(LineView, ShowsTheRowWithTheCursorInALowWindow) {
  const Window low{.columns = 20, .rows = 3};
  EXPECT_EQ(visible("hello", 5, low).text, "> hello ");
  EXPECT_EQ(visible("one\ntwo\nthree", 5, low).text, "two");
  EXPECT_EQ(visible("one\ntwo\nthree", 5, low).cursor, 1U);
}

TEST(LineView, ShowsAnEmptyRowAsABlank) {
  const DrawnText drawn = visible("\nquit", 0, {.columns = 1, .rows = 1});
  EXPECT_EQ(drawn.text, " ");
  EXPECT_EQ(drawn.cursor, 0U);
}

TEST(LineView, LeavesThePromptOutInANarrowWindow) {
  EXPECT_EQ(visible("1\n2\n3\n4\n5\n6", 11, {.columns = 6, .rows = 8}).text, "[...] \n4\n5\n6 ");
  EXPECT_EQ(visible("1\n2\n3\n4\n5\n6", 11, {.columns = 3, .rows = 8}).text, "\n4\n5\n6 ");
}

TEST(LineLayout, WrapsAtTheWidth) {
  EXPECT_EQ(place_behind("", 10), (Place{0, 0}));
  EXPECT_EQ(place_behind("> abc", 10), (Place{0, 5}));
  EXPECT_EQ(place_behind(std::string(25, 'x'), 10), (Place{2, 5}));
  EXPECT_EQ(place_behind(std::string(25, 'x'), 80), (Place{0, 25}));
}

TEST(LineLayout, DoesNotBeginANewRowBeforeTheNextCharacter) {
  EXPECT_EQ(place_behind(std::string(10, 'x'), 10), (Place{0, 10}));
  EXPECT_EQ(place_behind(std::string(11, 'x'), 10), (Place{1, 1}));
}

TEST(LineLayout, DoesNotSplitAWideCharacter) {
  EXPECT_EQ(place_behind("小明小明小", 10), (Place{0, 10}));
  EXPECT_EQ(place_behind("x小明小明小", 10), (Place{1, 2})) << "one column stays empty";
  EXPECT_EQ(place_behind("小明", 1), (Place{1, 1}))
      << "no character fits, and the function returns";
}

TEST(LineLayout, FillsARowWithABlankIfAWideCharacterDoesNotFit) {
  EXPECT_EQ(as_drawn("x小明小明小", 10).text, "x小明小明 小");
  EXPECT_EQ(as_drawn("小明小明小小", 10).text, "小明小明小小");
  EXPECT_EQ(as_drawn(std::string(25, 'x'), 10).text, std::string(25, 'x'));
}

// Found by fuzzing: a tab was kept in the drawn text, and took another number of columns after a
// resize.
TEST(LineLayout, DrawsATabAsBlanks) {
  EXPECT_EQ(as_drawn("> \tx", 20).text, "> " + std::string(6, ' ') + "x");
  EXPECT_EQ(as_drawn("x小小小小小\ty", 10).text, "x小小小小 小     y");
}

TEST(LineLayout, ReplacesCharactersThatMoveTheCursor) {
  EXPECT_EQ(as_drawn("a\x01\x7f", 10).text, "a^A^?");
  EXPECT_EQ(as_drawn("a\xff", 10).text, "a\uFFFD");
  EXPECT_EQ(as_drawn("\u202ea\u0085\u2028", 10).text, "?a??");
  EXPECT_EQ(as_drawn("小", 1).text, "?") << "wider than the terminal";
  EXPECT_EQ(as_drawn("a\nb", 10).text, "a\nb");
}

TEST(LineLayout, FindsTheCursorInTheDrawnText) {
  EXPECT_EQ(as_drawn("abc", 10, 1).cursor, 1U);
  EXPECT_EQ(as_drawn("abc", 10, 3).cursor, 3U);
  EXPECT_EQ(as_drawn("a\x01z", 10, 1).cursor, 1U) << "on the caret";
  EXPECT_EQ(as_drawn("a\x01z", 10, 2).cursor, 3U);
  EXPECT_EQ(as_drawn("\tz", 10, 1).cursor, 8U);
  EXPECT_EQ(as_drawn("x小明小明小", 10, 13).cursor, 14U) << "after the blank that fills the row";
}

TEST(LineLayout, CountsColumnsOfAccentsLineBreaksAndOtherBytes) {
  EXPECT_EQ(place_behind("e\u0301", 10), (Place{0, 1})) << "a combining accent";
  EXPECT_EQ(place_behind("ab\ncd", 10), (Place{1, 2}));
  EXPECT_EQ(place_behind("\xff", 10), (Place{0, 1}));
}

TEST(LineLayout, PlacesACharacterInTheRowInWhichItFits) {
  EXPECT_EQ(place_of("abcd", 2, 2), (Place{1, 0}));
  EXPECT_EQ(place_of("abcd", 4, 2), (Place{1, 2})) << "the end";
  EXPECT_EQ(place_of("ab\ncd", 2, 2), (Place{0, 2})) << "a line break takes no column";
  EXPECT_EQ(place_of("x小", 1, 2), (Place{1, 0}));
  EXPECT_EQ(place_of("x小", 1, 3), (Place{0, 1}));
}

TEST(LineLayout, FindsTheNextAndThePreviousCharacter) {
  const std::string text = "a小\xff";
  EXPECT_EQ(next_character(text, 1), 4U);
  EXPECT_EQ(next_character(text, 4), 5U);
  EXPECT_EQ(next_character(text, 5), 5U);
  EXPECT_EQ(previous_character(text, 5), 4U);
  EXPECT_EQ(previous_character(text, 4), 1U);
  EXPECT_EQ(previous_character(text, 0), 0U);
}

TEST(LineLayout, FindsTheStartsOfTheRows) {
  EXPECT_EQ(row_starts("", 3), (std::vector<std::size_t>{0}));
  EXPECT_EQ(row_starts("abcd\n\nx小", 3), (std::vector<std::size_t>{0, 3, 5, 6}));
  EXPECT_EQ(row_starts("xx小", 3), (std::vector<std::size_t>{0, 2}));
}

}  // namespace
}  // namespace chatd::client
