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

// Ends with a blank, on which the cursor stands when it is behind the text: so the terminal has
// written there, and takes the cursor along with it when it lays the line out anew. (tmux would
// otherwise do so only if a character was there before and has been deleted.)
[[nodiscard]] DrawnText view_of(const InputLine& line, const Window& window);

}  // namespace chatd::client
