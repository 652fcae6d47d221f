// SPDX-License-Identifier: GPL-3.0-or-later
// text.hpp — texts for the terminal and for messages: makes a text safe to show, and splits a text
// that is too long for one message.
//
// Runs in:   both processes of uchat.
// Borrows:   the text. Pure.
// Invariant: a safe text is UTF-8, one line, and does not move the cursor. chatd cleans the
//            messages of members, but a server can be malicious. The pieces of a text together are
//            the text, byte by byte.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::client {

// Control characters show as \xNN, bidi controls as '?', line breaks and tabs as a blank,
// bytes that are not UTF-8 as U+FFFD.
[[nodiscard]] std::string safe_text(std::string_view text);

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

// Without the blanks and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
// Removes the first word of `text`, and the blanks and tabs behind it, and returns the word.
[[nodiscard]] std::string_view take_word(std::string_view& text) noexcept;

// The name of a member as it is shown: "ada", or "~ada" for a text member, which has no key.
[[nodiscard]] std::string shown_name(std::string_view name, bool is_text_member);

// The text in the form in which texts are searched: without differences of case, width and Unicode
// form.
[[nodiscard]] std::string folded_text(std::string_view text);

// The text has no visible character.
[[nodiscard]] bool is_blank(std::string_view text);

}  // namespace chatd::client
