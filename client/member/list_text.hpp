// SPDX-License-Identifier: GPL-3.0-or-later
// list_text.hpp — the list of users or of rooms as one text with one row in each line. The server
// sends such a list in parts.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Borrows:   the text.
// Invariant: a list is never longer than kMaxListBytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::client {

// The largest room has 2^24 members in theory; only a hostile server sends a list that long.
inline constexpr std::size_t kMaxListBytes = std::size_t{8} << 20U;

// Appends a part to `list`. False: the list would be longer than kMaxListBytes; `list` is
// unchanged.
bool append_part(std::string& list, std::string_view part);

// Removes the first row of `list`, with its newline, and returns the row.
[[nodiscard]] std::string_view take_row(std::string_view& list);

}  // namespace chatd::client
