// SPDX-License-Identifier: GPL-3.0-or-later
// line_view.hpp — the input line as printable characters with their rows and columns, and the part
// of it that is visible: all of it, or the rows around the cursor.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. The text begins in the first column. A character that is two columns wide is not
//            split over two rows. The visible part has at most half of the window's rows, so that
//            messages stay visible above the line; one row if the window has fewer than four.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::client {

// A position on the screen, relative to the first character of a text.
struct Place {
  std::size_t row{0};     // from 0
  std::size_t column{0};  // from 0; the width of the terminal: after the last column
  friend bool operator==(const Place&, const Place&) = default;
};

// A text in its printable form, with the cursor.
struct DrawnText {
  std::string text;      // printable characters and '\n'
  std::size_t cursor{};  // offset in `text`
};

// The offset of the next character after the one at `at`, and of the previous one. A byte that is
// not UTF-8 is one character. At the end or the start of the text: `at`.
[[nodiscard]] std::size_t next_character(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] std::size_t previous_character(std::string_view text, std::size_t at) noexcept;

// The printable form of `text`. A tab becomes blanks, a control character ^X, a byte that is not
// UTF-8 U+FFFD; a bidi control, or a character that is wider than the terminal, becomes '?'. If a
// wide character does not fit at the end of a row, a blank fills the row. `cursor` is an offset in
// `text`; the result has the same position as an offset in the drawn text.
[[nodiscard]] DrawnText as_drawn(std::string_view text, std::size_t columns,
                                 std::size_t cursor = 0);

// The position after the last character of a text from as_drawn(), on a terminal of `columns`
// columns (also another number than as_drawn() was called with).
[[nodiscard]] Place place_behind(std::string_view drawn, std::size_t columns) noexcept;
// The position of the character at `offset`. If its row is full, it is in the next row.
[[nodiscard]] Place place_of(std::string_view drawn, std::size_t offset,
                             std::size_t columns) noexcept;

// The offsets in `drawn` at which the rows begin. There is at least one row.
[[nodiscard]] std::vector<std::size_t> row_starts(std::string_view drawn, std::size_t columns);

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
