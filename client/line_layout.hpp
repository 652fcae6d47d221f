// SPDX-License-Identifier: GPL-3.0-or-later
// line_layout.hpp — a text as it is drawn on a terminal, from the first column on, and where it
// ends there.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. What takes two columns is not split over two rows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::client {

struct Place {
  std::size_t row{0};
  std::size_t column{0};  // as wide as the terminal: behind the last one
  friend bool operator==(const Place&, const Place&) = default;
};

struct DrawnText {
  std::string text;      // printable characters and '\n'
  std::size_t cursor{};  // offset in `text`
};

// Where the character behind the one at `at`, and the one in front of it, begin; a byte that is not
// UTF-8 is one. At an end: `at`.
[[nodiscard]] std::size_t next_character(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::size_t previous_character(std::string_view text, std::size_t at) noexcept;

// A tab is blanks, a control character ^X, what is not UTF-8 U+FFFD; what turns the line round, or
// is wider than the terminal, is '?'. Where a wide character does not fit into a row, the row is
// filled with a blank. `cursor` is an offset in `text`, and becomes one in what is drawn.
[[nodiscard]] DrawnText as_drawn(std::string_view text, std::size_t columns,
                                 std::size_t cursor = 0);

// Where a text that as_drawn() has made ends, in a window of any width.
[[nodiscard]] Place place_behind(std::string_view drawn, std::size_t columns) noexcept;
// Where the character at `offset` is: if its row is full, in the next one.
[[nodiscard]] Place place_of(std::string_view drawn, std::size_t offset,
                             std::size_t columns) noexcept;

// Where the rows begin: offsets in `drawn`. There is at least one row.
[[nodiscard]] std::vector<std::size_t> row_starts(std::string_view drawn, std::size_t columns);

}  // namespace chatd::client
