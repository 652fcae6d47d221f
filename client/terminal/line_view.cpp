// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_view.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/wire/display_width.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

constexpr std::size_t kTabStop = 8;

// Removes the first character from the text, which is not empty, and returns it. A byte that is not
// UTF-8 is one character.
std::string_view take(std::string_view& text) noexcept {
  const std::string_view before = text;
  if (!wire::take_character(text)) text = before.substr(1);
  return before.substr(0, before.size() - text.size());
}

// Calculates the row and the column of each character of a text.
class Layout {
 public:
  explicit Layout(std::size_t columns) noexcept : columns_{columns} {}

  void end_line() noexcept {
    place_ = {.row = place_.row + 1, .column = 0};
    line_ = 0;
  }
  // Removes the first character from the drawn text, which is not empty, and places it.
  void take(std::string_view& drawn) noexcept {
    const std::string_view character = client::take(drawn);
    if (character == "\n") {
      end_line();
    } else {
      put(wire::display_width(character));
    }
  }
  // Places a character of `width` columns. Returns the number of columns that stay empty before it,
  // at the end of a row.
  std::size_t put(std::size_t width) noexcept {
    width = std::min(width, columns_);  // a wider character would not fit into any row
    std::size_t left = 0;
    if (place_.column + width > columns_) {
      left = columns_ - place_.column;
      place_ = {.row = place_.row + 1, .column = 0};
    }
    place_.column += width;
    line_ += width;
    return left;
  }
  [[nodiscard]] Place place() const noexcept { return place_; }
  // The number of columns that a tab takes here.
  [[nodiscard]] std::size_t tab() const noexcept { return kTabStop - line_ % kTabStop; }

 private:
  std::size_t columns_;
  Place place_;
  std::size_t line_{0};  // columns since the last line break, not wrapped: for tab stops
};

// The printable form of a character that is not a line break and not a tab.
std::string drawn_character(std::string_view character, std::size_t columns) {
  constexpr char kCaret = 0x40;
  std::string_view rest = character;
  const auto code = wire::take_character(rest);
  if (!code) return "\uFFFD";
  if (*code < U' ' || *code == U'\x7f') {
    return {'^', static_cast<char>(static_cast<char>(*code) ^ kCaret)};
  }
  if (wire::is_control(*code) || wire::is_bidi_control(*code) || wire::is_line_break(*code)) {
    return "?";
  }
  return wire::display_width(character) > columns ? "?" : std::string{character};
}

// Builds the drawn text, character by character.
class Drawing {
 public:
  explicit Drawing(std::size_t columns) noexcept : columns_{columns}, layout_{columns} {}

  // Appends a character. Returns its offset in the drawn text.
  std::size_t add(std::string_view character) {
    if (character == "\n") {
      layout_.end_line();
      text_ += '\n';
      return text_.size() - 1;
    }
    if (character == "\t") return put(std::string(layout_.tab(), ' '));
    return put(drawn_character(character, columns_));
  }
  [[nodiscard]] std::string& text() noexcept { return text_; }

 private:
  std::size_t put(std::string_view characters) {
    std::size_t start = text_.size();
    bool is_first = true;
    while (!characters.empty()) {
      const std::string_view one = take(characters);
      text_.append(layout_.put(wire::display_width(one)), ' ');
      if (std::exchange(is_first, false)) start = text_.size();
      text_ += one;
    }
    return start;
  }

  std::size_t columns_;
  Layout layout_;
  std::string text_;
};

}  // namespace

std::size_t next_character(std::string_view text, std::size_t at) noexcept {
  std::string_view rest = text.substr(at);
  return rest.empty() ? at : at + take(rest).size();
}

std::size_t previous_character(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kLongest = 4;
  for (std::size_t length = std::min(kLongest, at); length > 1; --length) {
    if (next_character(text, at - length) == at) return at - length;
  }
  return at - std::min<std::size_t>(at, 1);
}

DrawnText as_drawn(std::string_view text, std::size_t columns, std::size_t cursor) {
  Drawing drawing{columns};
  std::optional<std::size_t> drawn_cursor;
  const std::size_t size = text.size();
  while (!text.empty()) {
    const bool has_cursor = !drawn_cursor && size - text.size() >= cursor;
    const std::size_t start = drawing.add(take(text));
    if (has_cursor) drawn_cursor = start;
  }
  const std::size_t end = drawing.text().size();
  return {.text = std::move(drawing.text()), .cursor = drawn_cursor.value_or(end)};
}

Place place_behind(std::string_view drawn, std::size_t columns) noexcept {
  Layout layout{columns};
  while (!drawn.empty()) layout.take(drawn);
  return layout.place();
}

Place place_of(std::string_view drawn, std::size_t offset, std::size_t columns) noexcept {
  Layout layout{columns};
  std::string_view before = drawn.substr(0, offset);
  while (!before.empty()) layout.take(before);
  const Place behind = layout.place();
  std::string_view rest = drawn.substr(offset);
  if (offset >= drawn.size() || drawn[offset] == '\n') return behind;
  layout.take(rest);
  const Place place = layout.place();
  return place.row == behind.row ? behind : Place{.row = place.row, .column = 0};
}

std::vector<std::size_t> row_starts(std::string_view drawn, std::size_t columns) {
  Layout layout{columns};
  std::vector<std::size_t> starts{0};
  for (std::string_view rest = drawn; !rest.empty();) {
    const std::size_t at = drawn.size() - rest.size();
    const bool ends_line = drawn[at] == '\n';
    layout.take(rest);
    if (layout.place().row == starts.size()) starts.push_back(ends_line ? at + 1 : at);
  }
  return starts;
}

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
