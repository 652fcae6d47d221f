// SPDX-License-Identifier: GPL-3.0-or-later
// told_joins.hpp — how many joins some lines tell, by a name or by a number
// (daemon/chat/crowd.hpp).
//
// Runs in:   test programs. Pure.
// Shape:     lines of a text client, or of test::line_of(): "ada joined the chat", "+ada",
//            "[12 joined the chat, 3 left the chat]", "[12 joined, 3 left]".
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::test {

inline std::size_t told_joins(std::string_view line) {
  std::size_t count = 0;
  const auto number = std::from_chars(line.data() + 1, line.data() + line.size(), count);
  if (line.starts_with('[') && number.ptr != line.data() + 1) {
    return std::string_view{number.ptr, line.data() + line.size()}.starts_with(" joined") ? count
                                                                                          : 0;
  }
  return line.starts_with('+') || line.ends_with(" joined the chat") ? 1 : 0;
}

inline std::size_t told_joins(const std::vector<std::string>& lines) {
  std::size_t count = 0;
  for (const std::string& line : lines)
    count += line.empty() ? 0 : told_joins(std::string_view{line});
  return count;
}

}  // namespace chatd::test
