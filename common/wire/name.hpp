// SPDX-License-Identifier: GPL-3.0-or-later
// name.hpp — the rules for members' names, and the comparison of two names.
//
// Runs in:   gateway; chatctl and the terminal client may check early.
// Invariant: a Name's text is NFC, printable, at most kMaxNameBytes and kMaxNameCharacters;
//            checking a Name's text again gives the same Name.
// Errors:    NameFault; phrases.hpp has the messages for users.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace chatd::wire {

inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxNameCharacters = 32;
// The longest folded name. Folding can make a name longer: one character becomes up to eighteen. A
// name that becomes more than three times longer is refused as too long; no real name does.
inline constexpr std::size_t kMaxFoldedNameBytes = 3 * kMaxNameBytes;

// The reason why a name is refused.
enum class NameFault : std::uint8_t {
  empty,
  too_long,
  not_utf8,
  has_space,
  not_printable,
  reserved,     // a name of the server, like "admin"
  like_a_mark,  // begins or ends like a line that a client prints itself, like "--" or "ada:"
};

// A valid name.
struct Name {
  std::string text;  // the form that is shown, NFC
  std::string key;   // the folded name (NFKC_Casefold): equal for names that count as the same
  friend bool operator==(const Name&, const Name&) = default;
};

// Checks a name. `raw` is the name as it was typed, without blanks around it. Characters are
// counted after NFC. These names are refused: with white space; with control, format, private-use,
// unassigned or invisible characters; with a combining mark at the start, or more than three in a
// row; the names that the server uses, in any case and width, and with punctuation around them; and
// names that begin or end like a line that a client prints itself ("-- ada left", "* ada waves",
// "! not sent", "[admin] text", "ada: text", "ada> "), in any width.
[[nodiscard]] std::expected<Name, NameFault> check_name(std::string_view raw);

// The folded name of a name that a user typed, for the search of a member. The name is not checked.
// Empty if no member can have this name: not UTF-8, or much too long.
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace chatd::wire
