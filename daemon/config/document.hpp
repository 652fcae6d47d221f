// SPDX-License-Identifier: GPL-3.0-or-later
// document.hpp — what a TOML file says, as plain values with their lines.
//
// Runs in:   whoever reads the configuration.
// Invariant: only document.cpp knows toml++; its types stay out of every header.
// Errors:    the first syntax error ends the reading: TOML has no way to go on after one.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chatd::config {

struct Value {
  // What no setting takes, in words: "a table", "a date".
  struct Other {
    std::string_view words;
  };
  using List = std::vector<Value>;
  std::variant<bool, std::int64_t, double, std::string, List, Other> content;
  std::uint32_t line{0};
};

// `name = value` below [table], or above the first table (then `table` is empty). An empty
// [table] is an entry of its own with no name. Deeper tables are values of kind Other.
struct Entry {
  std::string table;
  std::string name;
  Value value;
  [[nodiscard]] std::string key() const;  // "limits.burst"
};

struct SyntaxError {
  std::uint32_t line{0};
  std::string why;
};

// In the order of their lines.
[[nodiscard]] std::expected<std::vector<Entry>, SyntaxError> read_document(std::string_view toml);

// A string as TOML writes it, in quotes, with control characters escaped.
[[nodiscard]] std::string quote(std::string_view text);
// For a person: `a string ("abc")`, `an integer (5)`, `a list`.
[[nodiscard]] std::string describe(const Value& value);

}  // namespace chatd::config
