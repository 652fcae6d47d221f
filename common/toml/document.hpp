// SPDX-License-Identifier: GPL-3.0-or-later
// document.hpp — a TOML file as plain values with their lines.
//
// Runs in:   every process that reads the configuration of chatd, and uchat before it forks.
// Invariant: only document.cpp knows toml++; its types stay out of every header.
// Errors:    the first syntax error ends the reading, since TOML cannot be read after one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chatd::config {

// The value of an entry and its line.
struct Value {
  // A type that no setting takes, in words: "a table", "a date".
  struct Other {
    std::string_view words;
  };
  using List = std::vector<Value>;
  std::variant<bool, std::int64_t, double, std::string, List, Other> content;
  std::uint32_t line{0};
};

// `name = value` below [table], or above the first table (then `table` is empty). An empty [table]
// is an entry without a name. Tables deeper than was asked for are values of kind Other.
struct Entry {
  std::string table;
  std::string name;
  Value value;
  [[nodiscard]] std::string key() const;  // the full name: "limits.burst"
};

struct SyntaxError {
  std::uint32_t line{0};
  std::string why;
};

// The entries of the file, in the order of their lines. `depth`: tables inside of tables that are
// read; with 2, the name of the table of a key may be "servers.lab".
[[nodiscard]] std::expected<std::vector<Entry>, SyntaxError> read_document(std::string_view toml,
                                                                           std::size_t depth = 1);

// The string in TOML's quotes, with control characters escaped.
[[nodiscard]] std::string quote(std::string_view text);
// Type and value in words: `a string ("abc")`, `an integer (5)`, `a list`.
[[nodiscard]] std::string describe(const Value& value);

}  // namespace chatd::config
