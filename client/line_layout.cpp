// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_layout.hpp"

#include <algorithm>

#include "common/wire/display_width.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

constexpr std::size_t kTabStop = 8;

// Goes over a text as it is laid out.
class Layout {
 public:
  explicit Layout(std::size_t columns) : columns_{columns} {}

  // Takes the next character off the text, which is not empty. Returns how many columns stay
  // empty in front of it, at the end of a row.
  std::size_t take(std::string_view& text) noexcept {
    const std::string_view before = text;
    const auto character = wire::take_character(text);
    if (!character) text = before.substr(1);
    if (character == U'\n') {
      place_ = {.row = place_.row + 1, .column = 0};
      line_ = 0;
      return 0;
    }
    if (character == U'\t') {
      for (std::size_t i = tab(); i > 0; --i) put(1);
      return 0;
    }
    const bool shows_as_two = character && *character < U' ';
    return put(shows_as_two ? 2
                            : wire::display_width(before.substr(0, before.size() - text.size())));
  }
  [[nodiscard]] Place place() const noexcept { return place_; }
  // As many columns a tab would take here.
  [[nodiscard]] std::size_t tab() const noexcept { return kTabStop - line_ % kTabStop; }

 private:
  std::size_t put(std::size_t width) noexcept {
    width = std::min(width, columns_);  // what is wider than the terminal would never fit
    std::size_t left = 0;
    if (place_.column + width > columns_) {
      left = columns_ - place_.column;
      place_ = {.row = place_.row + 1, .column = 0};
    }
    place_.column += width;
    line_ += width;
    return left;
  }

  std::size_t columns_;
  Place place_;
  std::size_t line_{0};  // columns, if rows had no end: for the tabs
};

}  // namespace

std::string as_drawn(std::string_view text, std::size_t columns) {
  Layout layout{columns};
  std::string drawn;
  while (!text.empty()) {
    const std::string_view before = text;
    const std::size_t tab = layout.tab();
    drawn.append(layout.take(text), ' ');
    const std::string_view character = before.substr(0, before.size() - text.size());
    if (character == "\t") {
      drawn.append(tab, ' ');
    } else {
      drawn += character;
    }
  }
  return drawn;
}

Place place_behind(std::string_view text, std::size_t columns) noexcept {
  Layout layout{columns};
  while (!text.empty()) layout.take(text);
  return layout.place();
}

}  // namespace chatd::client
