// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/reasons.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "client/words.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

struct Row {
  std::string_view code;
  Words which;
};

constexpr std::array kCodes{
    Row{"empty", Words::refused_empty},
    Row{"not_utf8", Words::refused_not_utf8},
    Row{"too_long", Words::refused_too_long},
    Row{"no_such_member", Words::refused_no_such_member},
    Row{"not_native", Words::refused_not_native},
    Row{"mailbox_full", Words::refused_mailbox_full},
};

// "U+200B" for what does not show; "" if each character does.
std::string unseen_character(std::string_view name) {
  while (!name.empty()) {
    const auto character = wire::take_character(name);
    if (!character) break;
    if (!wire::is_printable(*character)) {
      return fmt::format("U+{:04X}", static_cast<std::uint32_t>(*character));
    }
  }
  return {};
}

}  // namespace

std::string why_no_name(wire::Language language, wire::NameFault fault, std::string_view name) {
  if (fault == wire::NameFault::not_printable) {
    const std::string unseen = unseen_character(name);
    if (!unseen.empty()) return words(language, Words::name_has_unseen, unseen);
  }
  return std::string{words(language, words_for(fault))};
}

std::string why_refused(wire::Language language, const Event& refused, std::string_view whom) {
  const auto* const row = std::ranges::find(kCodes, refused.name, &Row::code);
  if (row != kCodes.end()) return words(language, row->which, whom);
  std::string_view text = refused.text;
  for (const std::string_view full_stop : {".", "。"}) {
    if (text.ends_with(full_stop)) text.remove_suffix(full_stop.size());
  }
  return std::string{text};
}

}  // namespace chatd::client
