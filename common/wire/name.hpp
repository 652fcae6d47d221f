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

#include "common/wire/reasons.hpp"

namespace chatd::wire {

inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxNameCharacters = 32;
// The longest folded name. Folding can make a name longer: one character becomes up to eighteen. A
// name that becomes more than three times longer is refused as too long; no real name does.
inline constexpr std::size_t kMaxFoldedNameBytes = 3 * kMaxNameBytes;

// The reasons why a text is not a name: some of those in reasons.hpp.
enum class NameFault : std::uint8_t {
  empty = static_cast<std::uint8_t>(Reason::name_empty),
  too_long = static_cast<std::uint8_t>(Reason::name_too_long),
  not_utf8 = static_cast<std::uint8_t>(Reason::name_not_utf8),
  has_space = static_cast<std::uint8_t>(Reason::name_has_space),
  not_printable = static_cast<std::uint8_t>(Reason::name_not_printable),
  reserved = static_cast<std::uint8_t>(Reason::name_reserved),
  like_a_mark = static_cast<std::uint8_t>(Reason::name_like_a_mark),
};
[[nodiscard]] constexpr Reason reason_of(NameFault fault) noexcept {
  return static_cast<Reason>(fault);
}

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
// "! not sent", "[admin] text", "~ada: text" of a member without a key, "ada: text", "ada> ",
// "ada (owned)"), in any width; the last of these also in look-alike letters and brackets, in
// traditional characters, and with accents.
[[nodiscard]] std::expected<Name, NameFault> check_name(std::string_view raw);

// The folded name of a name that a user typed, for the search of a member. The name is not checked.
// Empty if no member can have this name: not UTF-8, or much too long.
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace chatd::wire
