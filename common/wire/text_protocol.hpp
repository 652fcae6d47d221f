// SPDX-License-Identifier: GPL-3.0-or-later
// text_protocol.hpp — what a text datagram asks for. Described in chatd-protocol(7).
//
// Runs in:   gateway.
// Borrows:   the datagram: every view points into it.
// Invariant: pure, and nothing here allocates. Any bytes are an ordinary value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace chatd::wire {

enum class TextVerb : std::uint8_t { login, chat, quit, malformed };

struct TextCommand {
  TextVerb verb{TextVerb::malformed};
  std::string_view argument;
  bool newline{false};  // the datagram ended in LF: a client that minds lines, such as nc
};

// All trailing CR and LF are cut. The first token must be exactly L, C or Q, then the end
// or one space. login and quit: blanks around the argument are cut too. chat: the argument
// is everything behind the one space. malformed: the argument is the whole line.
[[nodiscard]] TextCommand decode_text(std::span<const std::byte> datagram) noexcept;

// Is this the first byte of a text datagram (L, C or Q)?
[[nodiscard]] bool is_text(std::byte first) noexcept;

// The message in a `C <own name> <text>`: "ada hello" -> "hello", "ada" -> "". nullopt: the
// argument does not start with the own name. The name may be typed in another normal form
// than `own_name`, which is a checked Name's text (NFC).
[[nodiscard]] std::optional<std::string_view> strip_own_name(std::string_view argument,
                                                             std::string_view own_name) noexcept;

}  // namespace chatd::wire
