// SPDX-License-Identifier: GPL-3.0-or-later
// unicode.hpp — UTF-8, and the properties of Unicode characters; the only code that uses utf8proc
// (with display_width.cpp).
//
// Runs in:   every process.
// Invariant: pure; no function but normalized() allocates. A "character" is a code point.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chatd::wire {

// Removes the first character from `rest` and returns it. nullopt: `rest` does not begin with
// UTF-8, or is empty; it is not changed then.
[[nodiscard]] std::optional<char32_t> take_character(std::string_view& rest) noexcept;

// True if every byte is less than 0x80.
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
// True if the text is well-formed UTF-8 (no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// The longest prefix of at most `limit` bytes that does not end inside a character.
[[nodiscard]] std::string_view cut_to(std::string_view text, std::size_t limit) noexcept;
// True if there is a grapheme cluster boundary (UAX #29) between two neighbouring characters. False
// if they combine: an accent, the parts of an emoji or of a flag. `state` is 0 for the first pair
// of a text; pass the same variable for each following pair.
[[nodiscard]] bool is_boundary(char32_t before, char32_t after, std::int32_t& state) noexcept;
// Writes the pieces one after another into `out`, and cuts between two characters if `out` is full.
// Returns the number of bytes written.
std::size_t write_cut(std::span<const std::string_view> pieces, std::span<char> out) noexcept;

// TAB, LF, VT, FF, CR, NEL and every separator of Unicode.
[[nodiscard]] bool is_white_space(char32_t character) noexcept;
// CR, LF, VT, FF, NEL, U+2028, U+2029: characters at which a terminal or an editor may end a line.
[[nodiscard]] bool is_line_break(char32_t character) noexcept;
// C0 controls, DEL, C1 controls.
[[nodiscard]] bool is_control(char32_t character) noexcept;
// Bidi embeddings, overrides, isolates and their ends: they change the order of the characters on
// the line.
[[nodiscard]] bool is_bidi_control(char32_t character) noexcept;
// True if the character is visible or changes a visible one. False for a control, format,
// private-use, surrogate or unassigned character, and for a blank one.
[[nodiscard]] bool is_printable(char32_t character) noexcept;
// True if the character shows nothing: white space, default-ignorable, or U+2800.
[[nodiscard]] bool is_blank(char32_t character) noexcept;
// Categories Mn, Mc, Me.
[[nodiscard]] bool is_combining(char32_t character) noexcept;
// Categories Lu to Lo and Nd to No.
[[nodiscard]] bool is_letter_or_digit(char32_t character) noexcept;

// Normalization forms: NFC, NFD, and NFKC_Casefold, which also removes differences of case and
// width.
enum class Form : std::uint8_t { nfc, nfd, nfkc_casefold };

// Space for kMaxNormalBytes of input in each form, and for the final NUL of utf8proc.
inline constexpr std::size_t kMaxNormalBytes = 512;
using NormalBuffer = std::array<std::int32_t, (2 * kMaxNormalBytes) + 1>;

// The normalized text, as a view into `buffer`. nullopt: `text` is not UTF-8, or it is too long.
[[nodiscard]] std::optional<std::string_view> normalize(std::string_view text, Form form,
                                                        NormalBuffer& buffer) noexcept;
// The same for a text of any length. nullopt: it is not UTF-8.
[[nodiscard]] std::optional<std::string> normalized(std::string_view text, Form form);

}  // namespace chatd::wire
