// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_layout.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(LineLayout, WrapsAtTheWidth) {
  EXPECT_EQ(place_behind("", 10), (Place{0, 0}));
  EXPECT_EQ(place_behind("> abc", 10), (Place{0, 5}));
  EXPECT_EQ(place_behind(std::string(25, 'x'), 10), (Place{2, 5}));
  EXPECT_EQ(place_behind(std::string(25, 'x'), 80), (Place{0, 25}));
}

TEST(LineLayout, AFullRowIsNotYetTheNextOne) {
  EXPECT_EQ(place_behind(std::string(10, 'x'), 10), (Place{0, 10}));
  EXPECT_EQ(place_behind(std::string(11, 'x'), 10), (Place{1, 1}));
}

TEST(LineLayout, DoesNotSplitAWideCharacter) {
  EXPECT_EQ(place_behind("小明小明小", 10), (Place{0, 10}));
  EXPECT_EQ(place_behind("x小明小明小", 10), (Place{1, 2})) << "one column stays empty";
  EXPECT_EQ(place_behind("小明", 1), (Place{1, 1})) << "nothing fits, and it ends all the same";
}

TEST(LineLayout, FillsARowWhereAWideCharacterDoesNotFit) {
  EXPECT_EQ(as_drawn("x小明小明小", 10), "x小明小明 小");
  EXPECT_EQ(as_drawn("小明小明小小", 10), "小明小明小小");
  EXPECT_EQ(as_drawn(std::string(25, 'x'), 10), std::string(25, 'x'));
}

// Found by fuzzing: a tab was kept, and took other columns when the line was laid out anew, as
// after a resize.
TEST(LineLayout, ATabIsTheBlanksThatItWasDrawnAs) {
  EXPECT_EQ(as_drawn("> \tx", 20), "> " + std::string(6, ' ') + "x");
  const std::string drawn = as_drawn("x小小小小小\ty", 10);
  EXPECT_EQ(drawn, "x小小小小 小     y");
  EXPECT_EQ(place_behind(drawn, 10), place_behind("x小小小小小\ty", 10));
}

TEST(LineLayout, CountsWhatShowsAsMoreOrLessThanACharacter) {
  EXPECT_EQ(place_behind("e\u0301", 10), (Place{0, 1})) << "an accent of its own";
  EXPECT_EQ(place_behind("\x01", 10), (Place{0, 2})) << "^A";
  EXPECT_EQ(place_behind("> \tx", 20), (Place{0, 9}));
  EXPECT_EQ(place_behind("ab\ncd", 10), (Place{1, 2}));
  EXPECT_EQ(place_behind("\xff", 10), (Place{0, 1}));
}

}  // namespace
}  // namespace chatd::client
