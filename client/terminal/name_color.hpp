// SPDX-License-Identifier: GPL-3.0-or-later
// name_color.hpp — the colour of each member's name, and how many colours a terminal shows.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: a name has the same colour in every uchat, every run and every spelling: the 32-bit
//            FNV-1a hash of the UTF-8 bytes of the folded name (name.hpp), modulo the number of
//            colours. Two names can have the same colour: it is no proof of anything.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chatd::client {

// The colours that a terminal shows.
enum class Colors : std::uint8_t { none, few, many };  // few: 16, many: 256

// By the environment: $NO_COLOR, $TERM and $COLORTERM. Null: not set.
[[nodiscard]] Colors colors_of(const char* no_color, const char* term, const char* colorterm);

// A colour of names, as escape sequences.
struct NameColor {
  std::uint8_t number;    // of the palette of 256 colours
  std::string_view many;  // selects it
  std::string_view few;   // the most similar one of 16
};

// Readable on black and on white: the contrast to both is at least 3.6 to 1. Of the 16 colours,
// yellow and dark blue are not.
inline constexpr std::array kNameColors{
    NameColor{160, "\x1b[38;5;160m", "\x1b[31m"},   NameColor{166, "\x1b[38;5;166m", "\x1b[1;31m"},
    NameColor{130, "\x1b[38;5;130m", "\x1b[35m"},   NameColor{100, "\x1b[38;5;100m", "\x1b[1;32m"},
    NameColor{64, "\x1b[38;5;64m", "\x1b[32m"},     NameColor{28, "\x1b[38;5;28m", "\x1b[32m"},
    NameColor{30, "\x1b[38;5;30m", "\x1b[36m"},     NameColor{32, "\x1b[38;5;32m", "\x1b[1;36m"},
    NameColor{27, "\x1b[38;5;27m", "\x1b[1;34m"},   NameColor{99, "\x1b[38;5;99m", "\x1b[1;34m"},
    NameColor{164, "\x1b[38;5;164m", "\x1b[1;35m"}, NameColor{162, "\x1b[38;5;162m", "\x1b[35m"},
};

[[nodiscard]] const NameColor& color_of(std::string_view name);
// The escape sequence; "" without colours.
[[nodiscard]] std::string_view color_of(std::string_view name, Colors colors);

}  // namespace chatd::client
