// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/short_time.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "client/member/list_text.hpp"

namespace chatd::client {

namespace {

struct Unit {
  char letter;
  std::uint32_t seconds;
};
constexpr std::array kUnits{Unit{'d', 86'400}, Unit{'h', 3'600}, Unit{'m', 60}, Unit{'s', 1}};

}  // namespace

std::optional<std::uint32_t> seconds_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto* const unit = std::ranges::find(kUnits, text.back(), &Unit::letter);
  const auto count = number_of<std::uint32_t>(text.substr(0, text.size() - 1));
  if (unit == kUnits.end() || !count || *count == 0) return std::nullopt;
  if (*count > std::numeric_limits<std::uint32_t>::max() / unit->seconds) return std::nullopt;
  return *count * unit->seconds;
}

std::string as_short_time(std::uint32_t seconds) {
  const auto* const unit =
      std::ranges::find_if(kUnits, [&](const Unit& one) { return seconds % one.seconds == 0; });
  return std::to_string(seconds / unit->seconds) + unit->letter;
}

}  // namespace chatd::client
