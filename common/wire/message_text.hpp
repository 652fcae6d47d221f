// SPDX-License-Identifier: GPL-3.0-or-later
// message_text.hpp — makes a message safe to show on another user's terminal.
//
// Runs in:   gateway, once per message, before it is appended to the room log.
// Borrows:   `out`, the caller's buffer; the result is a view into it.
// Invariant: the result is UTF-8, is never longer than the input, and holds no control
//            character but tab, no line or paragraph separator and no bidi override.
// Errors:    TextFault, which is reported to the sender (phrases.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "common/wire/reasons.hpp"

namespace chatd::wire {

inline constexpr std::size_t kMaxMessageBytes = 900;

// The reasons why a text is not sent: some of those in reasons.hpp.
enum class TextFault : std::uint8_t {
  empty = static_cast<std::uint8_t>(Reason::text_empty),
  too_long = static_cast<std::uint8_t>(Reason::text_too_long),
  not_utf8 = static_cast<std::uint8_t>(Reason::text_not_utf8),
};
[[nodiscard]] constexpr Reason reason_of(TextFault fault) noexcept {
  return static_cast<Reason>(fault);
}

// `out` must hold raw.size() bytes and not overlap `raw`. too_long is judged on the raw
// bytes, first. empty: it has no visible character. Line breaks (CR, LF, VT, FF, NEL,
// U+2028, U+2029) become one space each; other controls, and bidi embeddings, overrides
// and isolates, become '?'.
[[nodiscard]] std::expected<std::string_view, TextFault> clean_text(std::string_view raw,
                                                                    std::size_t max_bytes,
                                                                    std::span<char> out) noexcept;

}  // namespace chatd::wire
