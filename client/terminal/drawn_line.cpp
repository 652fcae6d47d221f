// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/drawn_line.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

// True if the character at `at` has no width: a combining mark, which changes the character before
// it.
bool is_joined(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] == '\n') return false;
  return wire::display_width(text.substr(at, next_character(text, at) - at)) == 0;
}

// The length in bytes of the common beginning of two texts, up to an offset at which a terminal can
// continue to write: not inside a character, not between a character and its combining marks, and
// not at the end of a full row. (If the output continued at the start of the next row, the terminal
// would not know that this row continues the one above it.)
std::size_t common_beginning(std::string_view one, std::string_view other, std::size_t columns) {
  const auto end = std::ranges::mismatch(one, other);
  auto at = static_cast<std::size_t>(end.in1 - one.begin());
  if (at == one.size() && at == other.size()) return at;
  const auto begins_character = [](std::string_view text, std::size_t where) {
    return where >= text.size() || (static_cast<unsigned char>(text[where]) & 0xC0U) != 0x80U;
  };
  while (at > 0 && !(begins_character(one, at) && begins_character(other, at))) --at;
  const auto is_fit = [&] {
    return !is_joined(one, at) && !is_joined(other, at) &&
           !is_joined(one, previous_character(one, at)) &&
           place_behind(one.substr(0, at), columns).column < columns;
  };
  while (at > 0 && !is_fit()) at = previous_character(one, at);
  return at;
}

// The same text with a line break at the end of each row. A terminal that wraps its rows again
// splits them, but does not join them: the line never takes fewer rows than this text has.
DrawnText in_rows(const DrawnText& drawn, std::size_t columns) {
  const auto starts = row_starts(drawn.text, columns);
  DrawnText rows{.text = {}, .cursor = drawn.cursor};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : drawn.text.size();
    if (i > 0 && !rows.text.ends_with('\n')) {
      rows.text += '\n';
      if (drawn.cursor >= starts[i]) ++rows.cursor;
    }
    rows.text += drawn.text.substr(starts[i], end - starts[i]);
  }
  return rows;
}

}  // namespace

std::string DrawnLine::move(const Place& from, const Place& to) const {
  const bool is_one_left = to.row == from.row && to.column + 1 == from.column;
  if (is_one_left && from.column < columns_) return "\b";
  std::string out = "\r";
  if (to.row < from.row) out += fmt::format("\x1b[{}A", from.row - to.row);
  // Not ESC [ B: it does not leave the last row of a window that has become lower.
  if (to.row > from.row) out.append(to.row - from.row, '\n');
  const std::size_t column = std::min(to.column, columns_ - 1);
  if (column > 0) out += fmt::format("\x1b[{}C", column);
  return out;
}

std::string DrawnLine::draw(const DrawnText& view, std::size_t columns) {
  const DrawnText next = in_rows(view, columns);
  std::string out;
  if (columns != columns_) out = wipe(columns);
  columns_ = columns;
  const auto place = [&](const DrawnText& drawn, std::size_t offset) {
    return place_of(drawn.text, offset, columns);
  };
  const std::size_t same = common_beginning(drawn_.text, next.text, columns);
  if (same == 0) out += wipe(columns);
  std::size_t at = drawn_.cursor;
  Place cursor = place(drawn_, at);
  if (same < drawn_.text.size() || same < next.text.size()) {
    const Place start = place_behind(next.text.substr(0, same), columns);
    if (at != same) out += move(cursor, start);
    const std::string_view old = std::string_view{drawn_.text}.substr(same);
    const bool is_overwritten = old.empty() || (old == " " && same < next.text.size());
    if (!is_overwritten) out += "\x1b[J";
    out += next.text.substr(same);
    at = next.text.size();
    cursor = place(next, at);
  }
  if (at != next.cursor) out += move(cursor, place(next, next.cursor));
  drawn_ = next;
  return out;
}

std::string DrawnLine::wipe(std::size_t columns) {
  if (drawn_.text.empty()) return {};
  const auto row_of_cursor = [&](std::size_t width) {
    return place_of(drawn_.text, drawn_.cursor, width).row;
  };
  std::size_t row = row_of_cursor(keeps_rows_ ? columns_ : columns);
  // The rows are cleared one by one: if a program clears all rows from the top left corner at once,
  // tmux adds them to its history.
  const bool is_one_row = place_behind(drawn_.text, keeps_rows_ ? columns_ : columns).row == 0;
  std::string out = drawn_.cursor == 0 && is_one_row ? "\r\x1b[K" : "\x1b[J\r\x1b[K";
  for (; row > 0; --row) out += "\x1b[A\x1b[K";
  drawn_ = {};
  return out;
}

}  // namespace chatd::client
