// SPDX-License-Identifier: GPL-3.0-or-later
// chat_rows.hpp — the rows that a terminal must have above the input line: what was printed there,
// in its order.
//
// Runs in:   fuzz targets.
// Invariant: pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "client/terminal/line_view.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::fuzz {

inline std::string without_end_blanks(std::string_view row) {
  return std::string{row.substr(0, row.find_last_not_of(' ') + 1)};
}

// Without escape sequences and bells.
inline std::string without_sequences(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    if (text.starts_with("\x1b[")) {
      text.remove_prefix(text.find('m') + 1);
    } else if (text.starts_with("\x1b]")) {
      text.remove_prefix(text.find('\a') + 1);
    } else {
      if (text.front() != '\a') plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

// The rows that a terminal makes of a drawn text, without blanks at their ends.
inline std::vector<std::string> rows_of(std::string_view drawn, std::size_t columns) {
  std::vector<std::string> rows;
  const auto starts = client::row_starts(drawn, columns);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : drawn.size();
    std::string_view row = drawn.substr(starts[i], end - starts[i]);
    if (row.ends_with('\n')) row.remove_suffix(1);
    rows.push_back(without_end_blanks(row));
  }
  return rows;
}

class ChatRows {
 public:
  // Complete lines, printed in a window of so many columns.
  void print(std::string_view text, std::size_t columns) {
    if (text.empty()) return;
    auto rows = rows_of(without_sequences(text), columns);
    rows.pop_back();  // behind the last newline
    for (std::string& row : rows) rows_.push_back({std::move(row), widths_.size()});
  }
  // Rows that are on the screen are cut.
  void resize(std::size_t columns) { widths_.push_back(columns); }
  void clear() { rows_.clear(); }

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  // The first row that is not as it was printed, as "SHOWN instead of PRINTED"; "": there is none.
  [[nodiscard]] std::string difference(const std::vector<std::string>& shown) const {
    for (std::size_t i = 0; i < std::max(rows_.size(), shown.size()); ++i) {
      if (i >= shown.size()) return "nothing instead of " + rows_[i].text;
      if (i >= rows_.size()) return shown[i] + " instead of nothing";
      if (!is(rows_[i], shown[i])) return shown[i] + " instead of " + rows_[i].text;
    }
    return {};
  }

 private:
  struct Row {
    std::string text;
    std::size_t since;  // index in widths_ of the first resize after it was printed
  };
  // Half of a wide character may be shown as the whole one.
  [[nodiscard]] bool is(const Row& row, std::string_view shown) const {
    if (row.text == shown) return true;
    for (std::size_t i = row.since; i < widths_.size(); ++i) {
      if (cut(row.text, widths_[i]) == shown || cut(row.text, widths_[i] + 1) == shown) return true;
    }
    return false;
  }
  static std::string cut(std::string_view text, std::size_t columns) {
    std::size_t end = 0;
    for (std::size_t next = 0; end < text.size(); end = next) {
      next = client::next_character(text, end);
      if (wire::display_width(text.substr(0, next)) > columns) break;
    }
    return without_end_blanks(text.substr(0, end));
  }

  std::vector<Row> rows_;
  std::vector<std::size_t> widths_;
};

}  // namespace chatd::fuzz
