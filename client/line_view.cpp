// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_view.hpp"

#include <algorithm>

#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

constexpr char kEnd = ' ';

// Moves the cursor back if it is after the last column of a row, where a terminal cannot show it.
void keep_cursor_in_row(DrawnText& drawn, std::size_t columns) {
  while (drawn.cursor > 0 && place_of(drawn.text, drawn.cursor, columns).column >= columns) {
    drawn.cursor = previous_character(drawn.text, drawn.cursor);
  }
}

// The row above the visible rows: prompt and mark, or the mark alone, or an empty row if the window
// is too narrow.
std::string head_of(const InputLine& line, std::size_t columns) {
  for (const std::string& head :
       {std::string{line.prompt}.append(line.mark), std::string{line.mark}}) {
    if (wire::display_width(head) <= columns) return as_drawn(head, columns).text + '\n';
  }
  return "\n";
}

// The visible part of a line that is too high: the rows around the cursor, and above them the row
// of head_of() if there are two rows or more.
DrawnText cut(const InputLine& line, std::size_t columns, std::size_t rows) {
  DrawnText whole = as_drawn(line.text, columns, line.point);
  whole.text += kEnd;
  const std::string head = rows > 1 ? head_of(line, columns) : std::string{};
  const std::size_t shown = std::max<std::size_t>(rows, 2) - 1;
  const auto starts = row_starts(whole.text, columns);
  const std::size_t row = place_of(whole.text, whole.cursor, columns).row;
  const std::size_t last = starts.size() - std::min(starts.size(), shown);
  const std::size_t first = std::min(row - std::min(row, shown / 2), last);
  const std::size_t begin = starts[first];
  const std::size_t end = first + shown < starts.size() ? starts[first + shown] : whole.text.size();
  DrawnText view{.text = head + whole.text.substr(begin, end - begin),
                 .cursor = head.size() + whole.cursor - begin};
  if (end < whole.text.size() && view.text.ends_with('\n')) view.text.pop_back();
  if (view.text.empty()) view.text = kEnd;  // a view of one row without text is a blank
  return view;
}

}  // namespace

DrawnText view_of(const InputLine& line, const Window& window) {
  const std::size_t most = std::max<std::size_t>(1, window.rows / 2);
  DrawnText view = as_drawn(std::string{line.prompt}.append(line.text), window.columns,
                            line.prompt.size() + line.point);
  view.text += kEnd;
  if (place_behind(view.text, window.columns).row >= most) view = cut(line, window.columns, most);
  keep_cursor_in_row(view, window.columns);
  return view;
}

}  // namespace chatd::client
