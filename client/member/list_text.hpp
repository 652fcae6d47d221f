// SPDX-License-Identifier: GPL-3.0-or-later
// list_text.hpp — a list of users, rooms, facts or programs as one text with one row in each line.
// The server sends such a list in parts.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Borrows:   the text.
// Invariant: a list is never longer than kMaxListBytes.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/native/list_rows.hpp"
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

using wire::for_each_fact;
using wire::number_of;
using wire::take_field;
using wire::take_row;

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

}  // namespace chatd::client
