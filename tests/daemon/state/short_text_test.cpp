// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/short_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

TEST(ShortText, IsReadAsItWasStored) {
  ShortText<8> text{};
  EXPECT_EQ(view_of(text), "");
  for (const std::string_view value : {"ada", "", "12345678", "小明"}) {
    assign(text, value);
    EXPECT_EQ(view_of(text), value);
  }
  using namespace std::string_view_literals;
  assign(text, "a\0b"sv);
  EXPECT_EQ(view_of(text), "a\0b"sv);
}

TEST(ShortText, ALongTextIsCutOff) {
  ShortText<8> text{};
  assign(text, "123456789");
  EXPECT_EQ(view_of(text), "12345678");
  ShortText<255> longest{};
  assign(longest, std::string(300, 'x'));
  EXPECT_EQ(view_of(longest).size(), 255U);
}

TEST(ShortText, ALengthThatIsTooLargeIsReadAsAll) {
  ShortText<4> text{.bytes = 255, .text = {'a', 'b', 'c', 'd'}};
  EXPECT_EQ(view_of(text), "abcd");
}

}  // namespace
}  // namespace chatd::state
