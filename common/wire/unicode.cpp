// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/unicode.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <utf8proc.h>

namespace chatd::wire {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

const utf8proc_property_t& properties_of(char32_t character) noexcept {
  return *utf8proc_get_property(static_cast<utf8proc_int32_t>(character));
}

bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

constexpr auto kNfc = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
constexpr auto kNfd = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
constexpr auto kNfkcCasefold = static_cast<utf8proc_option_t>(
    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

utf8proc_option_t options_of(Form form) noexcept {
  switch (form) {
    case Form::nfc:
      return kNfc;
    case Form::nfd:
      return kNfd;
    case Form::nfkc_casefold:
      break;
  }
  return kNfkcCasefold;
}

}  // namespace

std::optional<char32_t> take_character(std::string_view& rest) noexcept {
  if (rest.empty()) return std::nullopt;
  if (const auto byte = static_cast<unsigned char>(rest.front()); byte < 0x80) {
    rest.remove_prefix(1);
    return byte;
  }
  utf8proc_int32_t character = -1;
  const auto length =
      utf8proc_iterate(bytes_of(rest), static_cast<utf8proc_ssize_t>(rest.size()), &character);
  if (length <= 0) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(length));
  return static_cast<char32_t>(character);
}

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(text,
                             [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    if (!take_character(text)) return false;
  }
  return true;
}

std::string_view cut_to(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  // A UTF-8 character has at most four bytes. Bytes that are not UTF-8 are cut at the limit.
  while (end > 0 && limit - end < 4 && is_continuation(text[end])) --end;
  return text.substr(0, is_continuation(text[end]) ? limit : end);
}

bool is_boundary(char32_t before, char32_t after, std::int32_t& state) noexcept {
  return utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                          static_cast<utf8proc_int32_t>(after), &state);
}

std::size_t write_cut(std::span<const std::string_view> pieces, std::span<char> out) noexcept {
  std::size_t used = 0;
  for (const std::string_view piece : pieces) {
    const std::string_view fitting = cut_to(piece, out.size() - used);
    std::copy_n(fitting.data(), fitting.size(), out.data() + used);
    used += fitting.size();
    if (fitting.size() < piece.size()) break;
  }
  return used;
}

bool is_white_space(char32_t character) noexcept {
  if (character < 0x80) return character == ' ' || (character >= '\t' && character <= '\r');
  if (character == 0x85) return true;
  const auto category = properties_of(character).category;
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

bool is_line_break(char32_t character) noexcept {
  return (character >= '\n' && character <= '\r') || character == 0x85 || character == 0x2028 ||
         character == 0x2029;
}

bool is_control(char32_t character) noexcept {
  return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

bool is_bidi_control(char32_t character) noexcept {
  return (character >= 0x202A && character <= 0x202E) ||
         (character >= 0x2066 && character <= 0x2069);
}

bool is_printable(char32_t character) noexcept {
  if (character < 0x80) return character >= 0x20 && character != 0x7F;
  switch (properties_of(character).category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
      return false;
    default:
      break;
  }
  // The selectors for the text and the emoji form of a character are default-ignorable, but
  // keyboards add them to emoji.
  return character == 0xFE0E || character == 0xFE0F || !is_blank(character);
}

bool is_blank(char32_t character) noexcept {
  if (character < 0x80) return is_white_space(character);
  constexpr char32_t braille_pattern_blank = 0x2800;  // a symbol in Unicode, but shows nothing
  return is_white_space(character) || properties_of(character).ignorable ||
         character == braille_pattern_blank;
}

bool is_combining(char32_t character) noexcept {
  if (character < 0x80) return false;
  const auto category = properties_of(character).category;
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

bool is_letter_or_digit(char32_t character) noexcept {
  const auto category = properties_of(character).category;
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

std::optional<std::string_view> normalize(std::string_view text, Form form,
                                          NormalBuffer& buffer) noexcept {
  if (text.size() > kMaxNormalBytes) return std::nullopt;
  const utf8proc_option_t options = options_of(form);
  constexpr auto capacity = static_cast<utf8proc_ssize_t>(std::tuple_size_v<NormalBuffer> - 1);
  // Not utf8proc_map(), which allocates. The text is decomposed into the buffer, then composed and
  // encoded in place.
  const auto decomposed = utf8proc_decompose(
      bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), buffer.data(), capacity, options);
  if (decomposed < 0 || decomposed > capacity) return std::nullopt;
  const auto length = utf8proc_reencode(buffer.data(), decomposed, options);
  if (length < 0) return std::nullopt;
  return std::string_view{reinterpret_cast<const char*>(buffer.data()),
                          static_cast<std::size_t>(length)};
}

std::optional<std::string> normalized(std::string_view text, Form form) {
  const utf8proc_option_t options = options_of(form);
  const auto bytes = static_cast<utf8proc_ssize_t>(text.size());
  const auto needed = utf8proc_decompose(bytes_of(text), bytes, nullptr, 0, options);
  if (needed < 0) return std::nullopt;
  std::vector<utf8proc_int32_t> buffer(static_cast<std::size_t>(needed) + 1);
  (void)utf8proc_decompose(bytes_of(text), bytes, buffer.data(), needed, options);
  const auto length = utf8proc_reencode(buffer.data(), needed, options);
  if (length < 0) return std::nullopt;
  return std::string{reinterpret_cast<const char*>(buffer.data()),
                     static_cast<std::size_t>(length)};
}

}  // namespace chatd::wire
