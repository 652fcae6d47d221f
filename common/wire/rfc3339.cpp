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
  const auto [year, month, day, hour, minute, second] = fields;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                         std::chrono::month{month}, std::chrono::day{day}};
  if (!fraction || rest != "Z" || !date.ok() || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} + *fraction;
}

}  // namespace chatd::wire
