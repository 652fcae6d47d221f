// SPDX-License-Identifier: GPL-3.0-or-later
// text_protocol.hpp — reads the command in a text datagram. Described in chatd-protocol(7).
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
  bool documented{false};  // the command is one of the letters L, C and Q
  bool newline{false};     // the datagram ends in LF: its client works by lines, as nc does
};

// All trailing CR and LF are cut. The first word must be a command, then comes the end or one
// space. login and quit: blanks around the argument are cut too. chat: the argument is everything
// behind the one space. malformed: the argument is the whole line.
//
// Commands, in this case only: L, l, LOGIN (login); C, c, CHAT (chat); Q, q, QUIT, EXIT, E (quit).
// The documented ones are the capital letters L, C and Q; the others are what clients in use send.
[[nodiscard]] TextCommand decode_text(std::span<const std::byte> datagram) noexcept;

// A datagram for the text protocol: it begins as a command does, or it is a line (not empty, ended
// by LF) that a user typed. False: it is dropped without an answer.
[[nodiscard]] bool is_text(std::span<const std::byte> datagram) noexcept;

// Whether this command of the member `own_name` asks to leave: Q with any argument, another word of
// quit with no argument or the own name in front, or a Q with the own name glued to it ("Qada").
[[nodiscard]] bool asks_to_leave(const TextCommand& command, std::string_view own_name) noexcept;

// The message in a `C <own name> <text>`: "ada hello" -> "hello", "ada" -> "". nullopt: the
// argument does not start with the own name. The name may be typed in another normal form
// than `own_name`, which is a checked Name's text (NFC).
[[nodiscard]] std::optional<std::string_view> strip_own_name(std::string_view argument,
                                                             std::string_view own_name) noexcept;

}  // namespace chatd::wire
