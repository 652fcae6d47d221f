// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/rfc3339.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace chatd::wire {

namespace {

constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the fraction of a second off the front; digits beyond microseconds are dropped.
std::optional<Micros> take_fraction(std::string_view& rest) {
  if (!rest.starts_with('.')) return Micros{0};
  rest.remove_prefix(1);
  if (rest.empty() || !is_digit(rest.front())) return std::nullopt;
  std::int64_t micros = 0;
  std::int64_t unit = 100'000;
  while (!rest.empty() && is_digit(rest.front())) {
    micros += (rest.front() - '0') * unit;
    unit /= 10;
    rest.remove_prefix(1);
  }
  return Micros{micros};
}

// "Z" or an offset as "+08:00": how far a clock there is ahead of UTC.
std::optional<std::chrono::minutes> offset_of(std::string_view zone) {
  constexpr std::string_view kForm = "+00:00";
  if (zone == "Z") return std::chrono::minutes{0};
  if (zone.size() != kForm.size() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto digit = [zone](std::size_t at) { return is_digit(zone[at]) ? zone[at] - '0' : 99; };
  const int hours = (10 * digit(1)) + digit(2);
  const int minutes = (10 * digit(4)) + digit(5);
  if (zone[3] != ':' || hours > 23 || minutes > 59) return std::nullopt;
  return (zone[0] == '-' ? -1 : 1) * std::chrono::minutes{(60 * hours) + minutes};
}

}  // namespace

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  if (text.size() < kShape.size()) return std::nullopt;

  std::array<unsigned, 6> fields{};  // year, month, day, hour, minute, second
  std::size_t field = 0;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] != 'd') {
      if (text[i] != kShape[i]) return std::nullopt;
      ++field;
    } else {
      if (!is_digit(text[i])) return std::nullopt;
      fields[field] = fields[field] * 10 + static_cast<unsigned>(text[i] - '0');
    }
  }
  std::string_view rest = text.substr(kShape.size());
  const auto fraction = take_fraction(rest);
  const auto offset = offset_of(rest);
  const auto [year, month, day, hour, minute, second] = fields;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{month}, std::chrono::day{day}};
  if (!fraction || !offset || !date.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} + *fraction - *offset;
}

}  // namespace chatd::wire
