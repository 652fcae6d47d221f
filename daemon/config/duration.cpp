// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/duration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace chatd::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

// Nine digits of days are 2.7 million years, which fit 64 bits of milliseconds.
constexpr std::size_t kMaxDigits{9};

std::unexpected<Error> not_a_duration(std::string_view reason) {
  return fail(std::string{reason} + "; write it like 90s, 5m, 2h30m or 500ms");
}

std::string_view take_while(std::string_view& text, bool (*belongs)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), belongs);
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return not_a_duration("an empty duration");
  std::int64_t sum = 0;
  const auto* next_unit = kUnits.begin();
  while (!text.empty()) {
    const std::string_view digits = take_while(text, is_digit);
    const std::string_view name = take_while(text, is_lower);
    if (digits.empty()) return not_a_duration("a number is missing");
    if (digits.size() > kMaxDigits) return not_a_duration("a number is too long");
    if (name.empty()) return not_a_duration("a unit is missing");
    const auto* unit = std::ranges::find(kUnits, name, &Unit::name);
    if (unit == kUnits.end()) return not_a_duration("a unit is unknown");
    if (unit < next_unit) return not_a_duration("the units are out of order");
    next_unit = unit + 1;
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    sum += count * unit->milliseconds;
  }
  return std::chrono::milliseconds{sum};
}

std::string to_text(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return rest == 0 ? "0s" : std::to_string(rest) + "ms";
  std::string text;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = rest / unit.milliseconds;
    rest %= unit.milliseconds;
    if (count > 0) text += std::to_string(count) + std::string{unit.name};
  }
  return text;
}

}  // namespace chatd::config
