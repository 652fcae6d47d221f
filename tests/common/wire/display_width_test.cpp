// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/display_width.hpp"

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

TEST(DisplayWidth, CountsTheColumnsOfATerminal) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("ada"), 3U);
  EXPECT_EQ(display_width("李雷"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // e and a combining accent
}

TEST(DisplayWidth, CountsOneColumnForAByteThatIsNotUtf8) {
  EXPECT_EQ(display_width("caf\xe9"), 4U);
  EXPECT_EQ(display_width("\xe6\x9d!"), 3U);
}

}  // namespace
}  // namespace chatd::wire
