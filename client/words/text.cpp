// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/text.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

constexpr std::string_view kBlanks = " \t";

}  // namespace

std::string safe_text(std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const std::string_view before = text;
    const auto character = wire::take_character(text);
    if (!character) {
      text = before.substr(1);
      safe += kReplacement;
    } else if (*character == '\t' || wire::is_line_break(*character)) {
      safe += ' ';
    } else if (wire::is_control(*character)) {
      safe += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(*character));
    } else if (wire::is_bidi_control(*character)) {
      safe += '?';
    } else {
      safe += before.substr(0, before.size() - text.size());
    }
  }
  return safe;
}

namespace {

// The largest offsets at which the first message may end, in bytes; 0: there is none.
struct Ends {
  std::size_t behind_blank{0};
  std::size_t behind_character{0};
};

Ends find_ends(std::string_view text, std::size_t max_bytes) noexcept {
  Ends ends;
  std::int32_t state = 0;
  std::string_view rest = text;
  std::optional<char32_t> before = wire::take_character(rest);
  while (before) {
    const std::size_t end = text.size() - rest.size();
    if (end > max_bytes) break;
    const auto after = wire::take_character(rest);
    if (!after) break;
    if (wire::is_boundary(*before, *after, state)) {
      ends.behind_character = end;
      if (wire::is_white_space(*before)) ends.behind_blank = end;
    }
    before = after;
  }
  return ends;
}

}  // namespace

std::string_view first_message(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  const Ends ends = find_ends(text, max_bytes);
  if (ends.behind_blank > max_bytes - (max_bytes / 4)) return text.substr(0, ends.behind_blank);
  if (ends.behind_character != 0) return text.substr(0, ends.behind_character);
  const std::string_view cut = wire::cut_to(text, max_bytes);
  return cut.empty() ? text.substr(0, max_bytes) : cut;
}

std::string_view trim(std::string_view text) noexcept {
  const auto first = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string_view take_word(std::string_view& text) noexcept {
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  text = trim(text.substr(word.size()));
  return word;
}

std::string shown_name(std::string_view name, bool is_text_member) {
  return std::string{is_text_member ? "~" : ""}.append(name);
}

// In pieces, because normalize() takes no long texts.
std::string folded_text(std::string_view text) {
  constexpr std::size_t kPiece = 256;
  std::string whole;
  if (wire::is_ascii(text)) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::ranges::transform(text, std::back_inserter(whole), lower);
    return whole;
  }
  wire::NormalBuffer buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (!text.empty()) {
    std::string_view piece = wire::cut_to(text, kPiece);
    if (piece.empty()) piece = text.substr(0, 1);  // not UTF-8
    text.remove_prefix(piece.size());
    whole += wire::normalize(piece, wire::Form::nfkc_casefold, buffer).value_or(piece);
  }
  return whole;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace chatd::client
