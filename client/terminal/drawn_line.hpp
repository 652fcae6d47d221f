// SPDX-License-Identifier: GPL-3.0-or-later
// drawn_line.hpp — the input line as it is on the screen, and the bytes that change it.
//
// Runs in:   uchat's terminal process.
// Invariant: pure; returns the bytes to write. The line begins in the first column, and its rows
//            are the last that were written to. Each row ends with a line break. So the line never
//            takes fewer rows than it was drawn in, whatever the width of the window becomes, and
//            no output of draw() reaches the rows above it while the width is the known one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/terminal/line_view.hpp"

namespace chatd::client {

// Remembers the text and the cursor position that are on the screen.
class DrawnLine {
 public:
  // `keeps_rows`: the terminal does not wrap its rows again when its width changes, see wipe().
  explicit DrawnLine(bool keeps_rows) noexcept : keeps_rows_{keeps_rows} {}

  // Returns the bytes that replace the line on the screen by `view`, which was laid out for a
  // terminal of `columns` columns. Only the changes are written.
  [[nodiscard]] std::string draw(const DrawnText& view, std::size_t columns);
  // Returns the bytes that remove the line from the screen. If the window was resized since the
  // line was drawn, the line takes another number of rows; the rows above it belong to the chat.
  [[nodiscard]] std::string wipe(std::size_t columns);
  // The line is no longer on the screen: other output has removed it. The cursor is in the first
  // column of an empty row.
  void forget() noexcept { drawn_ = {}; }

 private:
  [[nodiscard]] std::string move(const Place& from, const Place& to) const;

  bool keeps_rows_;
  DrawnText drawn_;
  std::size_t columns_{0};
};

}  // namespace chatd::client
