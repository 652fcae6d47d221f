// SPDX-License-Identifier: GPL-3.0-or-later
// named_person.hpp — a user as a command names it, and as a list of members has it: a name, and the
// number of the person that has the name.
//
// Runs in:   client, gateway.
// Borrows:   the text. Pure; nothing allocates.
// Shape:     "name", or "name\t0123456789abcdef": a tab and 16 digits. No name has a tab.
// Invariant: the number is never used for another person. That of a text session, which has no key,
//            has the highest bit; that of a key has not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/wire/name.hpp"

namespace chatd::wire {

struct NamedPerson {
  std::string_view name{};
  std::uint64_t person{0};  // 0: not known; in a command: whoever has the name
};
inline constexpr std::size_t kPersonBytes = 17;  // the tab and the digits
inline constexpr std::size_t kMaxNamedBytes = kMaxNameBytes + kPersonBytes;

inline constexpr std::uint64_t kTextPerson = std::uint64_t{1} << 63U;
// True for the number of a text session.
[[nodiscard]] constexpr bool is_text_person(std::uint64_t person) noexcept {
  return (person & kTextPerson) != 0;
}

// A text of another form is a name, which may be an impossible one.
[[nodiscard]] NamedPerson read_named(std::string_view text) noexcept;
// Writes into `out`, and returns the part that was written. kMaxNamedBytes are enough.
[[nodiscard]] std::string_view write_named(const NamedPerson& named, std::span<char> out) noexcept;

}  // namespace chatd::wire
