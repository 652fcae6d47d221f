// SPDX-License-Identifier: GPL-3.0-or-later
// line_view.hpp — the visible part of the input line: all of it, or the rows around the cursor.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. At most half of the window's rows, so that messages stay visible above the line;
//            one row if the window has fewer than four.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/line_layout.hpp"

namespace chatd::client {

// The size of the terminal's window in characters.
struct Window {
  std::size_t columns{80};
  std::size_t rows{24};
};

// The input line as readline has it.
struct InputLine {
  std::string_view prompt;
  std::string_view text;  // as typed; several lines if it was pasted
  std::size_t point{};    // the cursor's offset in `text`
  std::string_view mark;  // shown after the prompt if rows are hidden
};

// The visible part of `line`. It ends with a blank; the cursor is on this blank if it is after the
// text. So the cursor is on a written character, and the terminal moves it together with the line
// when it wraps the line again. (Without the blank, tmux does this only if a character was there
// before and was deleted.)
[[nodiscard]] DrawnText view_of(const InputLine& line, const Window& window);

}  // namespace chatd::client
