// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/message_text.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <expected>
#include <span>
#include <string_view>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

// The character that replaces this one, or '\0' to keep it.
char replacement_for(char32_t character) noexcept {
  if (is_line_break(character)) return ' ';
  if (character == '\t') return '\0';
  return is_control(character) || is_bidi_control(character) ? '?' : '\0';
}

}  // namespace

std::expected<std::string_view, TextFault> clean_text(std::string_view raw, std::size_t max_bytes,
                                                      std::span<char> out) noexcept {
  if (raw.size() > max_bytes) return std::unexpected{TextFault::too_long};
  assert(out.size() >= raw.size());

  char* end = out.data();
  bool blank = true;
  for (std::string_view rest = raw; !rest.empty();) {
    const std::string_view before = rest;
    const auto character = take_character(rest);
    if (!character) return std::unexpected{TextFault::not_utf8};
    blank = blank && is_blank(*character);
    if (const char instead = replacement_for(*character); instead != '\0') {
      *end++ = instead;
    } else {
      end = std::copy_n(before.data(), before.size() - rest.size(), end);
    }
  }
  if (blank) return std::unexpected{TextFault::empty};
  return std::string_view{out.data(), static_cast<std::size_t>(end - out.data())};
}

}  // namespace chatd::wire
