// SPDX-License-Identifier: GPL-3.0-or-later
// split_text.hpp — splits a text that is too long for one message into several messages.
//
// Runs in:   uchat's terminal process, for input from a terminal and from a pipe.
// Borrows:   the text. Pure.
// Invariant: the pieces together are the text, byte by byte.
#pragma once

#include <cstddef>
#include <string_view>

namespace chatd::client {

// The beginning of `text` that fits into one message of at most `max_bytes` (the server's limit; 4
// or more): the whole text if it fits. A longer text is cut after the last blank in the last
// quarter of the message; without such a blank, between two grapheme clusters (UAX #29); without
// such a boundary, between two code points; bytes that are not UTF-8 are cut anywhere. The result
// is empty only if `text` is empty.
//
//   for (auto rest = text; !rest.empty();) {
//     const auto piece = first_message(rest, max_bytes);
//     say(piece);  // a piece that is_blank() may be left out
//     rest.remove_prefix(piece.size());
//   }
[[nodiscard]] std::string_view first_message(std::string_view text, std::size_t max_bytes) noexcept;

}  // namespace chatd::client
