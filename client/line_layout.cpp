// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_layout.hpp"

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

}  // namespace chatd::client
