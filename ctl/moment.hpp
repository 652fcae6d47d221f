// SPDX-License-Identifier: GPL-3.0-or-later
// moment.hpp — the value of --since and --before: a time, or how long ago it was.
//
// Runs in: chatctl. Pure.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/wire/rfc3339.hpp"

namespace chatd::ctl {

// "30s", "10m", "2h", "7d": so long before `now`. "2026-11-29", "2026-11-29T10:00",
// "2026-11-29T10:00:30": in UTC, with or without a Z at the end. nullopt: another form, or a time
// that does not exist.
[[nodiscard]] inline std::optional<WallTime> moment_of(std::string_view text, WallTime now) {
  struct Unit {
    char letter;
    std::uint32_t seconds;
  };
  constexpr std::array kUnits{Unit{'d', 86'400}, Unit{'h', 3'600}, Unit{'m', 60}, Unit{'s', 1}};
  if (text.empty()) return std::nullopt;
  const auto* const unit = std::ranges::find(kUnits, text.back(), &Unit::letter);
  if (unit != kUnits.end()) {
    std::uint32_t count = 0;
    const auto end = std::from_chars(text.begin(), text.end() - 1, count);
    if (end.ec != std::errc{} || end.ptr != text.end() - 1) return std::nullopt;
    return now - std::chrono::seconds{std::int64_t{count} * unit->seconds};
  }
  constexpr std::string_view kWhole = "0000-00-00T00:00:00";
  constexpr std::array kLengths{kWhole.find('T'), kWhole.rfind(':'), kWhole.size()};
  std::string whole{text.substr(0, text.ends_with('Z') ? text.size() - 1 : text.size())};
  if (std::ranges::find(kLengths, whole.size()) == kLengths.end()) return std::nullopt;
  whole += kWhole.substr(whole.size());
  return wire::parse_rfc3339(whole + 'Z');
}

}  // namespace chatd::ctl
