// SPDX-License-Identifier: GPL-3.0-or-later
// list_rows.hpp — a list of users, rooms or facts as one text with one row in each line, whose
// fields are separated by tabs.
//
// Runs in:   everywhere. Pure.
// Borrows:   the text.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace chatd::wire {

// Removes the text up to the first `end`, with it, and returns the text.
[[nodiscard]] inline std::string_view take_until(char end, std::string_view& text) {
  const std::string_view first = text.substr(0, text.find(end));
  text.remove_prefix(std::min(first.size() + 1, text.size()));
  return first;
}
// Removes the first row of `list`, with its newline, and returns the row.
[[nodiscard]] inline std::string_view take_row(std::string_view& list) {
  return take_until('\n', list);
}
// Removes the first field of `row`, with the tab behind it, and returns the field.
[[nodiscard]] inline std::string_view take_field(std::string_view& row) {
  return take_until('\t', row);
}

// Calls `add` with the key and the value of each row of a list of facts.
template <class Add>
void for_each_fact(std::string_view list, const Add& add) {
  while (!list.empty()) {
    std::string_view row = take_row(list);
    const std::string_view key = take_field(row);
    add(key, row);
  }
}

// nullopt: not a number, or one that Number cannot hold.
template <class Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace chatd::wire
