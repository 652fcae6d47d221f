// SPDX-License-Identifier: GPL-3.0-or-later
// name.hpp — what a member may be called, and when two names are the same.
//
// Runs in:   gateway; chatctl and the terminal client may check early.
// Invariant: a Name's text is NFC, printable, at most kMaxNameBytes and kMaxNameCharacters;
//            checking a Name's text again gives the same Name.
// Errors:    NameFault, which a person must be told (phrases.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace chatd::wire {

inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxNameCharacters = 32;
// Folding can make a name longer (one character stands for up to eighteen). No name in
// any language grows more than threefold; those that do are too long.
inline constexpr std::size_t kMaxNameKeyBytes = 3 * kMaxNameBytes;

enum class NameFault : std::uint8_t {
  empty,
  too_long,
  not_utf8,
  has_space,
  not_printable,
  reserved,
  like_a_mark,
};

struct Name {
  std::string text;  // as it is shown
  std::string key;   // folded: equal keys are the same name
  friend bool operator==(const Name&, const Name&) = default;
};

// `raw` as it was typed, blanks around it cut. A character is a code point after NFC.
// Refused: white space, control, format, private-use and unassigned characters, invisible
// ones, a combining mark at the start, more than three combining marks in a row, the names
// that the server itself speaks by, in any case, width and punctuation around them, and what
// begins or ends like a line that a client writes itself ("-- ada left", "* ada waves",
// "! not sent", "[admin] text", "ada: text", "ada> "), in any width.
[[nodiscard]] std::expected<Name, NameFault> check_name(std::string_view raw);

// The key to look a member up by, of a name that somebody typed; not judged otherwise.
// Empty if it cannot be anybody's: not UTF-8, or far too long.
[[nodiscard]] std::string name_key(std::string_view name);

}  // namespace chatd::wire
