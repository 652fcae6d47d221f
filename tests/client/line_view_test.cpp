// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_view.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

constexpr Window kUsual{.columns = 20, .rows = 8};  // the line may take four of the rows

DrawnText view(std::string_view text, std::size_t point, const Window& window = kUsual) {
  return view_of({.prompt = "> ", .text = text, .point = point, .mark = "[...] "}, window);
}

TEST(LineView, ShowsPromptAndText) {
  EXPECT_EQ(view("hello", 5).text, "> hello ");
  EXPECT_EQ(view("hello", 5).cursor, 7U);
  EXPECT_EQ(view("hello", 1).cursor, 3U);
}

TEST(LineView, EndsWithABlankInTheNextRowAfterAFullRow) {
  EXPECT_EQ(view(std::string(18, 'x'), 18).text, "> " + std::string(18, 'x') + " ");
  EXPECT_EQ(view(std::string(18, 'x'), 18).cursor, 20U) << "on the blank";
  EXPECT_EQ(view(std::string(17, 'x'), 17).text, "> " + std::string(17, 'x') + " ");
}

TEST(LineView, ShowsTheWholeOfALineThatFitsHalfOfTheWindow) {
  EXPECT_EQ(view(std::string(77, 'x'), 77).text, "> " + std::string(77, 'x') + " ");
  EXPECT_EQ(view("1\n2\n3\n4", 7).text, "> 1\n2\n3\n4 ");
}

TEST(LineView, ShowsTheRowsAroundTheCursorOfAHigherLine) {
  const std::string lines = "1\n2\n3\n4\n5\n6";
  EXPECT_EQ(view(lines, 11).text, "> [...] \n4\n5\n6 ");
  EXPECT_EQ(view(lines, 11).cursor, 14U);
  EXPECT_EQ(view(lines, 8).text, "> [...] \n4\n5\n6 ");
  EXPECT_EQ(view(lines, 4).text, "> [...] \n2\n3\n4");
  EXPECT_EQ(view(lines, 4).cursor, 11U);
  EXPECT_EQ(view(lines, 0).text, "> [...] \n1\n2\n3");
  EXPECT_EQ(view(lines, 0).cursor, 9U);
}

TEST(LineView, CutsALongLineAtItsRows) {
  const std::string text = std::string(60, 'a') + std::string(20, 'b');
  EXPECT_EQ(view(text, 80).text, "> [...] \n" + std::string(20, 'a') + std::string(20, 'b') + " ");
  EXPECT_EQ(view(text, 80).cursor, 49U);
}

TEST(LineView, AlwaysShowsTheCursorInOneOfItsRows) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "word小" + std::string(i % 7 == 0 ? "\n" : "");
  for (const Window window : {kUsual, Window{20, 24}, Window{7, 4}, Window{20, 3}, Window{3, 5},
                              Window{1, 1}, Window{1, 9}, Window{2, 1}}) {
    for (std::size_t point = 0; point <= text.size(); ++point) {
      const DrawnText drawn = view(text, point, window);
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
  EXPECT_EQ(view("hello", 5, low).text, "> hello ");
  EXPECT_EQ(view("one\ntwo\nthree", 5, low).text, "two");
  EXPECT_EQ(view("one\ntwo\nthree", 5, low).cursor, 1U);
}

TEST(LineView, ShowsAnEmptyRowAsABlank) {
  const DrawnText drawn = view("\nquit", 0, {.columns = 1, .rows = 1});
  EXPECT_EQ(drawn.text, " ");
  EXPECT_EQ(drawn.cursor, 0U);
}

TEST(LineView, LeavesThePromptOutInANarrowWindow) {
  EXPECT_EQ(view("1\n2\n3\n4\n5\n6", 11, {.columns = 6, .rows = 8}).text, "[...] \n4\n5\n6 ");
  EXPECT_EQ(view("1\n2\n3\n4\n5\n6", 11, {.columns = 3, .rows = 8}).text, "\n4\n5\n6 ");
}

}  // namespace
}  // namespace chatd::client
