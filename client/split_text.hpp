// SPDX-License-Identifier: GPL-3.0-or-later
// split_text.hpp — a text that is longer than a message, as several messages.
//
// Runs in:   uchat's terminal process, for a terminal and for a pipe.
// Borrows:   the text. Pure.
// Invariant: the pieces, one behind the other, are the text, byte by byte.
#pragma once

#include <cstddef>
#include <string_view>

namespace chatd::client {

// The beginning of `text` that goes into one message of at most `max_bytes` (the server's limit; 4
// or more): all of it if it fits. A longer one is cut behind the last blank of its last quarter; if
// there is none, between two characters that a person sees as two; if there is no such place,
// between two code points; and bytes that are not UTF-8 anywhere. Empty only if `text` is.
//
//   for (auto rest = text; !rest.empty();) {
//     const auto piece = first_message(rest, max_bytes);
//     say(piece);  // one that is_blank() need not be said
//     rest.remove_prefix(piece.size());
//   }
[[nodiscard]] std::string_view first_message(std::string_view text, std::size_t max_bytes) noexcept;

}  // namespace chatd::client
