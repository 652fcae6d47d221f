// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/table.hpp"

#include <algorithm>
#include <cstddef>

#include "common/base/log.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::ctl {

namespace {

using wire::display_width;

constexpr std::string_view kGap = "  ";
constexpr std::string_view kReset = "\x1b[0m";

std::string_view sequence_of(Tint tint) {
  switch (tint) {
    case Tint::good:
      return "\x1b[32m";
    case Tint::busy:
      return "\x1b[33m";
    case Tint::bad:
      return "\x1b[1;31m";
    case Tint::none:
      break;
  }
  return "";
}

std::string wrapped(std::string_view sequence, std::string_view text, const Style& style) {
  if (!style.color || sequence.empty() || text.empty()) return std::string{text};
  return std::string{sequence}.append(text).append(kReset);
}

// `shown` is the cell with its colour sequences; `width` its columns on the terminal.
void put(std::string& line, const std::string& shown, std::size_t width, std::size_t column,
         Table::Align align) {
  const std::string padding(column - width, ' ');
  line += align == Table::Align::right ? padding + shown : shown + padding;
}

void end_line(std::string& out, std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);  // no trailing blanks to select with the mouse
  out += line + '\n';
  line.clear();
}

}  // namespace

std::string tinted(std::string_view text, Tint tint, const Style& style) {
  return wrapped(sequence_of(tint), escape_controls(text), style);
}

std::string emphasized(std::string_view text, const Style& style) {
  return wrapped("\x1b[1m", escape_controls(text), style);
}

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = escape_controls(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(const Style& style) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (style.legend) widths[i] = display_width(columns_[i].title);
    for (const auto& row : rows_) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  return widths;
}

std::string Table::render(const Style& style) const {
  const std::vector<std::size_t> widths = this->widths(style);
  std::string out;
  std::string line;
  if (style.legend) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += kGap;
      const std::string_view title = columns_[i].title;
      put(line, emphasized(title, style), display_width(title), widths[i], columns_[i].align);
    }
    end_line(out, line);
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += kGap;
      const Cell& cell = row[i];
      put(line, wrapped(sequence_of(cell.tint), cell.text, style), display_width(cell.text),
          widths[i], columns_[i].align);
    }
    end_line(out, line);
  }
  return out;
}

}  // namespace chatd::ctl
