// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/skeleton.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

constexpr unsigned kMaxMarksInARow = 3;

// Folded names that are refused: a member with such a name could pretend to be the server.
constexpr std::array<std::string_view, 9> kReserved{"admin",  "administrator", "server",
                                                    "system", "管理员",        "管理员消息",
                                                    "服务器", "服务器管理员",  "系统"};

// A text of at most 32 characters in NFC fits into kMaxNormalBytes in its other forms, too: a
// character has at most four canonical parts of at most four bytes. So a text that does not fit is
// too long.
static_assert(kMaxNameCharacters * 4 * 4 <= kMaxNormalBytes);

// The part of a folded name from the first to the last letter or digit: "[Admin]:" looks like the
// server, too. The whole name if it is not UTF-8.
std::string_view without_decoration(std::string_view folded) noexcept {
  std::string_view rest = folded;
  const char* begin = nullptr;
  const char* end = nullptr;
  while (!rest.empty()) {
    const char* const here = rest.data();
    const auto character = take_character(rest);
    if (!character) return folded;
    if (!is_letter_or_digit(*character)) continue;
    if (begin == nullptr) begin = here;
    end = rest.data();
  }
  if (begin == nullptr) return {};
  return folded.substr(static_cast<std::size_t>(begin - folded.data()),
                       static_cast<std::size_t>(end - begin));
}

bool is_reserved(std::string_view folded) noexcept {
  return std::ranges::find(kReserved, without_decoration(folded)) != kReserved.end();
}

constexpr std::string_view kMarksInFront = "-*![@~";
// After a colon comes what somebody has said: "bob:ok: fake" would look like a message of bob.
constexpr char kColon = ':';

// Marks that uchat shows behind the name of a member: "ada (owned)".
constexpr std::array<std::string_view, 4> kMarksBehind{"(owned)", "(away)", "(已登记)", "(离开)"};

// A Han character of these marks, those that look like it, and its traditional form.
struct HanRow {
  std::string_view character;
  std::u32string_view looks;
};
constexpr std::array<HanRow, 5> kHan{HanRow{"已", U"\u2E92\u5DF1\u5DF3"}, HanRow{"登", U"\u8C4B"},
                                     HanRow{"记", U"\u8A18"}, HanRow{"离", U"\u96E2"},
                                     HanRow{"开", U"\u5E75\u958B"}};

// "": none.
std::string_view han_of(char32_t look) noexcept {
  const auto* const found =
      std::ranges::find_if(kHan, [look](const HanRow& row) { return row.looks.contains(look); });
  return found == kHan.end() ? std::string_view{} : found->character;
}

// Without the combining marks of all scripts, and with the Han characters of the marks.
std::string letters_of(std::string_view folded) {
  const std::string decomposed = normalized(folded, Form::nfd).value_or("");
  std::string letters;
  std::string_view rest = decomposed;
  while (!rest.empty()) {
    const std::string_view before = rest;
    const auto character = take_character(rest);
    if (!character) return {};
    if (is_combining(*character)) continue;
    const std::string_view han = han_of(*character);
    letters += han.empty() ? before.substr(0, before.size() - rest.size()) : han;
  }
  return letters;
}

// Compares as skeletons: the letters and the brackets of a mark may be those of another script.
bool ends_with_a_mark(std::string_view folded) {
  static const auto looks = [] {
    std::array<std::string, kMarksBehind.size()> all;
    std::ranges::transform(kMarksBehind, all.begin(), skeleton);
    return all;
  }();
  const bool is_ascii =
      std::ranges::all_of(folded, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii && !folded.ends_with(')')) return false;
  const std::string look = skeleton(letters_of(folded));
  return std::ranges::any_of(looks, [&](const std::string& mark) { return look.ends_with(mark); });
}

// `folded` is a folded name, so the characters have one width only.
bool is_like_a_mark(std::string_view folded) {
  return kMarksInFront.contains(folded.front()) || folded.ends_with('>') ||
         folded.contains(kColon) || ends_with_a_mark(folded);
}

// White space is reported first: it is the most frequent fault, and the user can correct it.
std::optional<NameFault> fault_of_characters(std::string_view text) noexcept {
  std::size_t characters = 0;
  unsigned marks = kMaxMarksInARow;  // a mark at the start is refused, too
  bool printable = true;
  while (!text.empty()) {
    const auto character = take_character(text);
    if (!character) return NameFault::not_utf8;
    if (is_white_space(*character)) return NameFault::has_space;
    ++characters;
    marks = is_combining(*character) ? marks + 1 : 0;
    printable = printable && is_printable(*character) && marks <= kMaxMarksInARow;
  }
  if (!printable) return NameFault::not_printable;
  if (characters > kMaxNameCharacters) return NameFault::too_long;
  return std::nullopt;
}

}  // namespace

std::expected<Name, NameFault> check_name(std::string_view raw) {
  if (raw.empty()) return std::unexpected{NameFault::empty};
  if (!is_utf8(raw)) return std::unexpected{NameFault::not_utf8};

  NormalBuffer buffer;
  const auto text = normalize(raw, Form::nfc, buffer);
  // A text that is too long to be normalized: a fault of its characters is reported first.
  if (const auto fault = fault_of_characters(text.value_or(raw))) return std::unexpected{*fault};
  if (!text || text->size() > kMaxNameBytes) return std::unexpected{NameFault::too_long};

  Name name{.text = std::string{*text}, .key = {}};
  const auto folded = normalize(name.text, Form::nfkc_casefold, buffer);
  if (!folded || folded->size() > kMaxFoldedNameBytes) return std::unexpected{NameFault::too_long};
  if (folded->empty()) return std::unexpected{NameFault::not_printable};
  if (is_reserved(*folded)) return std::unexpected{NameFault::reserved};
  if (is_like_a_mark(*folded)) return std::unexpected{NameFault::like_a_mark};
  name.key = *folded;
  return name;
}

// Printable ASCII is the same in each normal form.
std::string folded_name(std::string_view name) {
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  if (name.size() <= kMaxNameBytes && std::ranges::all_of(name, is_plain)) {
    std::string folded{name};
    for (char& c : folded) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return folded;
  }
  NormalBuffer text_buffer;
  const auto text = normalize(name, Form::nfc, text_buffer);
  if (!text) return {};
  // Folded from NFC, as in check_name(): folding another form can change the order of the marks.
  NormalBuffer key_buffer;
  return std::string{normalize(*text, Form::nfkc_casefold, key_buffer).value_or("")};
}

}  // namespace chatd::wire
