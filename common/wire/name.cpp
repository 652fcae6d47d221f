// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

constexpr unsigned kMaxMarksInARow = 3;

// As keys. Who can call himself so can speak as the server.
constexpr std::array<std::string_view, 5> kReserved{"admin", "administrator", "server", "管理员",
                                                    "管理员消息"};

// Every text of at most 32 characters in NFC fits kMaxNormalBytes in any of its other forms
// (a character has at most four canonical parts of at most four bytes), so what does not fit
// is too long.
static_assert(kMaxNameCharacters * 4 * 4 <= kMaxNormalBytes);

// "[Admin]:" must not pass for the server either.
std::string_view without_decoration(std::string_view key) noexcept {
  std::string_view rest = key;
  const char* begin = nullptr;
  const char* end = nullptr;
  while (!rest.empty()) {
    const char* const here = rest.data();
    const auto character = take_character(rest);
    if (!character) return key;
    if (!is_letter_or_digit(*character)) continue;
    if (begin == nullptr) begin = here;
    end = rest.data();
  }
  if (begin == nullptr) return {};
  return key.substr(static_cast<std::size_t>(begin - key.data()),
                    static_cast<std::size_t>(end - begin));
}

bool is_reserved(std::string_view key) noexcept {
  return std::ranges::find(kReserved, without_decoration(key)) != kReserved.end();
}

constexpr std::string_view kMarksInFront = "-*![";
constexpr std::string_view kMarksBehind = ":>";

// As keys: what is folded has one width.
bool is_like_a_mark(std::string_view key) noexcept {
  return kMarksInFront.contains(key.front()) || kMarksBehind.contains(key.back());
}

// White space is looked for first: it is what people get wrong, and can mend.
std::optional<NameFault> fault_of_characters(std::string_view text) noexcept {
  std::size_t characters = 0;
  unsigned marks = kMaxMarksInARow;  // a mark at the start has nothing to sit on
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
  // Too long to be normalized: still say first what is wrong with its characters.
  if (const auto fault = fault_of_characters(text.value_or(raw))) return std::unexpected{*fault};
  if (!text || text->size() > kMaxNameBytes) return std::unexpected{NameFault::too_long};

  Name name{.text = std::string{*text}, .key = {}};
  const auto key = normalize(name.text, Form::nfkc_casefold, buffer);
  if (!key || key->size() > kMaxNameKeyBytes) return std::unexpected{NameFault::too_long};
  if (key->empty()) return std::unexpected{NameFault::not_printable};
  if (is_reserved(*key)) return std::unexpected{NameFault::reserved};
  if (is_like_a_mark(*key)) return std::unexpected{NameFault::like_a_mark};
  name.key = *key;
  return name;
}

std::string name_key(std::string_view name) {
  NormalBuffer text_buffer;
  const auto text = normalize(name, Form::nfc, text_buffer);
  if (!text) return {};
  // Folded from NFC as check_name() does: folding other forms can order marks differently.
  NormalBuffer key_buffer;
  return std::string{normalize(*text, Form::nfkc_casefold, key_buffer).value_or("")};
}

}  // namespace chatd::wire
