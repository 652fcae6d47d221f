// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/roster.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "client/words/text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

// Scripts that are written without blanks between words, and Hangul, in which particles follow a
// name.
constexpr std::array<std::pair<char32_t, char32_t>, 7> kNoBlanks{{{0x0E00, 0x0EFF},  // Thai, Lao
                                                                  {0x1000, 0x109F},  // Myanmar
                                                                  {0x1100, 0x11FF},  // Hangul
                                                                  {0x1780, 0x17FF},  // Khmer
                                                                  {0x2E80, 0x9FFF},  // CJK
                                                                  {0xA960, 0xFAFF},  // Hangul, CJK
                                                                  {0x20000, 0x3FFFF}}};  // CJK

// True for a character that continues a word; of the first one of `text`, which may be empty.
bool begins_with_word(std::string_view text) {
  const auto character = wire::take_character(text);
  if (!character) return false;
  const bool is_without_blanks = std::ranges::any_of(kNoBlanks, [&](const auto& range) {
    return *character >= range.first && *character <= range.second;
  });
  if (is_without_blanks) return false;
  return *character == '_' || wire::is_letter_or_digit(*character) ||
         wire::is_combining(*character);
}

// The same for the last character.
bool ends_with_word(std::string_view text) {
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; };
  std::size_t at = text.size();
  while (at > 0 && is_inside(text[at - 1])) --at;
  return at > 0 && begins_with_word(text.substr(at - 1));
}

}  // namespace

void Roster::add(std::string_view name) {
  std::string folded = wire::folded_name(name);
  if (folded.empty() || names_.size() >= kMaxNames) return;
  names_.insert_or_assign(std::move(folded), std::string{name});
}

void Roster::remove(std::string_view name) { names_.erase(wire::folded_name(name)); }

std::vector<std::string> Roster::beginning_with(std::string_view prefix) const {
  const std::string folded = wire::folded_name(prefix);
  std::vector<std::string> found;
  for (auto at = names_.lower_bound(folded); at != names_.end(); ++at) {
    if (!at->first.starts_with(folded)) break;
    found.push_back(at->second);
  }
  return found;
}

bool mentions(std::string_view text, std::string_view name) {
  const std::string what = folded_text(name);
  if (what.empty()) return false;
  const std::string in = folded_text(text);
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) {
    const std::string_view before = std::string_view{in}.substr(0, at);
    const std::string_view behind = std::string_view{in}.substr(at + what.size());
    const bool goes_on_before = ends_with_word(before) && begins_with_word(what);
    const bool goes_on_behind = begins_with_word(behind) && ends_with_word(what);
    if (!goes_on_before && !goes_on_behind) return true;
  }
  return false;
}

}  // namespace chatd::client
