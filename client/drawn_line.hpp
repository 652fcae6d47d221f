// SPDX-License-Identifier: GPL-3.0-or-later
// drawn_line.hpp — what stands on the terminal of the input line, and how to change it.
//
// Runs in:   uchat's terminal process.
// Invariant: pure; returns what to write. The line begins in the first column, and its rows are
//            the last that were written to. Rows are joined by the terminal's own wrapping, so that
//            a terminal that lays them out anew in a window of another width does it as expected.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "client/line_layout.hpp"

namespace chatd::client {

class DrawnLine {
 public:
  // Whether the terminal keeps its rows as they are when its width changes: see wipe().
  explicit DrawnLine(bool keeps_rows) noexcept : keeps_rows_{keeps_rows} {}

  // Shows `next`, made for that many columns, in place of what is there.
  [[nodiscard]] std::string draw(const DrawnText& next, std::size_t columns);
  // Takes it off the screen. The window may have been resized since: the line has other rows then,
  // and those above it are the room's.
  [[nodiscard]] std::string wipe(std::size_t columns);
  // Something else has taken it off; the cursor is in the first column of an empty row.
  void forget() noexcept { drawn_ = {}; }

 private:
  [[nodiscard]] std::string move(const Place& from, const Place& to) const;

  bool keeps_rows_;
  DrawnText drawn_;
  std::size_t columns_{0};
};

}  // namespace chatd::client
