// SPDX-License-Identifier: GPL-3.0-or-later
// unicode.hpp — UTF-8 and the properties of characters; the only door to utf8proc.
//
// Runs in:   every process.
// Invariant: pure; nothing here allocates. A "character" is a code point.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace chatd::wire {

// Takes the first character off `rest`. nullopt: not UTF-8 there, or nothing there.
[[nodiscard]] std::optional<char32_t> take_character(std::string_view& rest) noexcept;

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// The longest beginning of at most `limit` bytes that does not end inside a character.
[[nodiscard]] std::string_view cut_to(std::string_view text, std::size_t limit) noexcept;
// May a text be divided between two neighbouring characters? No: one combines with the other, as
// an accent, the parts of an emoji or of a flag do (UAX #29). `state` is 0 in front of the first
// pair of a text, and goes from one pair to the next.
[[nodiscard]] bool is_boundary(char32_t before, char32_t after, std::int32_t& state) noexcept;
// Writes the pieces one behind the other, cut between characters where `out` ends. Returns
// the bytes written.
std::size_t write_cut(std::span<const std::string_view> pieces, std::span<char> out) noexcept;

// TAB, LF, VT, FF, CR, NEL and every separator of Unicode.
[[nodiscard]] bool is_white_space(char32_t character) noexcept;
// CR, LF, VT, FF, NEL, U+2028, U+2029: what some terminal or editor ends a line at.
[[nodiscard]] bool is_line_break(char32_t character) noexcept;
// C0, DEL, C1.
[[nodiscard]] bool is_control(char32_t character) noexcept;
// Embeddings, overrides, isolates and their ends: they reorder what follows on the line.
[[nodiscard]] bool is_bidi_control(char32_t character) noexcept;
// Has a shape of its own or changes one: not a control, format, private-use, surrogate or
// unassigned character, and not one that shows nothing.
[[nodiscard]] bool is_printable(char32_t character) noexcept;
// Shows nothing at all: white space, default-ignorable, or blank by design.
[[nodiscard]] bool is_blank(char32_t character) noexcept;
[[nodiscard]] bool is_combining(char32_t character) noexcept;
[[nodiscard]] bool is_letter_or_digit(char32_t character) noexcept;

enum class Form : std::uint8_t { nfc, nfkc_casefold };

// Room for kMaxNormalBytes of input in either form, and for the final NUL of utf8proc.
inline constexpr std::size_t kMaxNormalBytes = 512;
using NormalBuffer = std::array<std::int32_t, (2 * kMaxNormalBytes) + 1>;

// A view into `buffer`. nullopt: not UTF-8, or too long.
[[nodiscard]] std::optional<std::string_view> normalize(std::string_view text, Form form,
                                                        NormalBuffer& buffer) noexcept;

}  // namespace chatd::wire
