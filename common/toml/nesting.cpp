// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/nesting.hpp"

#include <algorithm>
#include <cstddef>

namespace chatd::config {
namespace {

constexpr std::uint32_t kMaxDots{1000};

// Skips the string that starts with the quote at `at`; returns the position behind it. A string of
// one line ends with its line at the latest: that is a syntax error.
std::size_t end_of_string(std::string_view toml, std::size_t at) {
  const char quote = toml[at];
  const std::string_view rest = toml.substr(at);
  const bool is_long = rest.size() >= 3 && rest[1] == quote && rest[2] == quote;
  for (std::size_t i = is_long ? 3 : 1; i < rest.size(); ++i) {
    if (rest[i] == '\\' && quote == '"') {
      ++i;
    } else if (is_long) {
      const std::size_t quotes = std::min(rest.find_first_not_of(quote, i), rest.size()) - i;
      // Up to two quotes may stand before the three that end the string.
      if (quotes >= 3) return at + i + std::min<std::size_t>(quotes, 5);
      if (quotes > 0) i += quotes - 1;
    } else if (rest[i] == quote) {
      return at + i + 1;
    } else if (rest[i] == '\n') {
      return at + i;
    }
  }
  return toml.size();
}

}  // namespace

std::optional<std::uint32_t> line_nested_too_deeply(std::string_view toml) {
  std::uint32_t dots = 0;
  std::size_t at = 0;
  while (at < toml.size()) {
    const char c = toml[at];
    if (c == '"' || c == '\'') {
      at = end_of_string(toml, at);
    } else if (c == '#') {
      at = std::min(toml.find('\n', at), toml.size());
    } else {
      ++at;
      if (c == '.' && ++dots > kMaxDots) {
        const auto lines = std::ranges::count(toml.substr(0, at), '\n');
        return static_cast<std::uint32_t>(lines) + 1;
      }
    }
  }
  return std::nullopt;
}

}  // namespace chatd::config
