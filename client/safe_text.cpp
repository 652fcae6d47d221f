// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/safe_text.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "common/wire/unicode.hpp"

namespace chatd::client {

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

}  // namespace chatd::client
