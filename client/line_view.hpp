// SPDX-License-Identifier: GPL-3.0-or-later
// line_view.hpp — what of the input line is on the screen: all of it, or the rows around the
// cursor.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. Never more than half of the window's rows, so that what others say stays visible
//            above it; one row where the window has less than four.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/line_layout.hpp"

namespace chatd::client {

struct Window {
  std::size_t columns{80};
  std::size_t rows{24};
};

struct InputLine {
  std::string_view prompt;
  std::string_view text;  // several lines if it was pasted
  std::size_t point{};    // the cursor's offset in `text`
  std::string_view mark;  // stands behind the prompt in place of the rows that do not show
};

// Text that ends where a row ends gets a blank behind it, so that the terminal has begun the row
// in which the cursor stands. The cursor is in front of a character, or at the end of a row that is
// not full.
[[nodiscard]] DrawnText view_of(const InputLine& line, const Window& window);

}  // namespace chatd::client
