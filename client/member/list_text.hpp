// SPDX-License-Identifier: GPL-3.0-or-later
// list_text.hpp — a list of users, rooms, facts or programs as one text with one row in each line.
// The server sends such a list in parts.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Borrows:   the text.
// Invariant: a list is never longer than kMaxListBytes.
#pragma once

#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "common/wire/native/native_command.hpp"

namespace chatd::client {

// The largest room has 2^24 members in theory; only a hostile server sends a list that long.
inline constexpr std::size_t kMaxListBytes = std::size_t{8} << 20U;

// A list that was requested, until it is whole.
struct PartialList {
  wire::CommandKind kind{};  // of the command: `who`, `rooms`, `about`, `programs`, `end_program`,
                             // `whois`, `block`; `own`, whose answer is no list
  std::string room{};        // of a `who` and an `about`; "": the default room
  std::string member{};      // of a `whois`: the user; of a `block`: from whom direct messages are
                             // taken
  std::string text{};        // the parts that have arrived
  std::optional<std::uint32_t> ended{};  // the program that an `end_program` is for
};

// Appends a part to `list`. False: the list would be longer than kMaxListBytes; `list` is
// unchanged.
bool append_part(std::string& list, std::string_view part);

// Removes the first row of `list`, with its newline, and returns the row.
[[nodiscard]] std::string_view take_row(std::string_view& list);

// Removes the first field of `row`, with the tab behind it, and returns the field.
[[nodiscard]] std::string_view take_field(std::string_view& row);

// A row of a list of users, see Users.
struct UserRow {
  std::string name{};
  bool is_text{false};  // a text member
  bool is_away{false};
  bool is_owner{false};  // of the name; never a text member, which has no key that could own it
  friend auto operator<=>(const UserRow&, const UserRow&) = default;
};
// Removes the first row of `list`, and returns it. Fields that are not known are ignored.
[[nodiscard]] UserRow take_user(std::string_view& list);

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

}  // namespace chatd::client
