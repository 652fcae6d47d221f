// SPDX-License-Identifier: GPL-3.0-or-later
// phrases.hpp — every sentence that the server says to one text member, in one table.
//
// Runs in:   gateway.
// Invariant: a phrase is at most kMaxPhraseBytes: the smallest login buffers of clients in
//            use are 120 bytes, and they die on half a character. It says what is wrong
//            and what would be right.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"

namespace chatd::wire {

inline constexpr std::size_t kMaxPhraseBytes = 120;

enum class Phrase : std::uint8_t {
  name_empty,
  name_too_long,
  name_not_utf8,
  name_has_space,
  name_not_printable,
  name_reserved,
  name_like_a_mark,
  name_taken,
  already_named,  // L while logged in, with another name or without one
  room_full,
  address_full,
  not_in_room,  // C before L: how to enter
  unknown_command,
  not_said,  // a member's line that is no command
  text_not_utf8,
  removed,      // by the administrator, no reason given
  idle,         // logged out for silence
  stopping,     // the server stops
  missed,       // the member fell so far behind that lines for it are gone
  text_closed,  // why a member was removed: a reload has shut text clients out
};
inline constexpr std::size_t kPhrases = 20;

[[nodiscard]] std::string_view phrase(Language language, Phrase which) noexcept;
[[nodiscard]] Phrase phrase_of(NameFault fault) noexcept;

// Phrases with figures in them. Each returns the bytes written, cut between characters if
// `out` is short; the first two never need more than kMaxPhraseBytes.

// Names the limit and how long to wait.
std::size_t render_rate_notice(Language language, double per_second, std::chrono::milliseconds wait,
                               std::span<char> out) noexcept;
std::size_t render_too_long(Language language, std::size_t bytes, std::size_t limit,
                            std::span<char> out) noexcept;
// What the removed member is told. The reason may be empty.
std::size_t render_removed(Language language, std::string_view reason,
                           std::span<char> out) noexcept;

}  // namespace chatd::wire
