// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/since.hpp"

#include <chrono>
#include <ctime>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "client/words/short_time.hpp"
#include "common/wire/rfc3339.hpp"

namespace chatd::client {

namespace {

// The time that a clock in the user's time zone shows as `time` shows in UTC.
WallTime in_local_zone(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  (void)::gmtime_r(&seconds, &parts);
  parts.tm_isdst = -1;  // not known
  return WallTime{std::chrono::seconds{std::mktime(&parts)}};
}

// The number of two digits; nullopt: another text.
std::optional<int> two_digits(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// Removes "Z", or an offset as "+08:00", from the end. nullopt: there is none.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
    return std::chrono::minutes{0};
  }
  constexpr std::string_view kShape = "+00:00";
  if (text.size() < kShape.size()) return std::nullopt;
  const std::string_view offset = text.substr(text.size() - kShape.size());
  const auto hours = two_digits(offset.substr(1, 2));
  const auto minutes = two_digits(offset.substr(4));
  const bool has_sign = offset[0] == '+' || offset[0] == '-';
  if (!has_sign || offset[3] != ':' || !hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  text.remove_suffix(kShape.size());
  return (offset[0] == '-' ? -1 : 1) * std::chrono::minutes{*hours * 60 + *minutes};
}

// "2026-11-29"
std::string local_day(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  (void)::localtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%d}", parts);
}

}  // namespace

std::optional<WallTime> parse_since(std::string_view text, WallTime now) {
  if (const auto seconds = seconds_of(text)) return now - std::chrono::seconds{*seconds};
  constexpr std::string_view kWhole = "0000-00-00T00:00:00";
  constexpr std::size_t kDay = kWhole.find('T');
  constexpr std::size_t kClock = std::string_view{"00:00"}.size();
  const auto offset = take_offset(text);
  std::string whole{text};
  if (text.size() == kClock && !offset) whole.insert(0, local_day(now) + 'T');
  if (whole.size() > kDay && whole[kDay] == ' ') whole[kDay] = 'T';
  const bool is_whole = whole.size() == kWhole.size();
  const bool has_date_only = whole.size() == kDay;
  const bool has_no_seconds = whole.size() == kWhole.rfind(':');
  if (!is_whole && !has_no_seconds && (!has_date_only || offset)) return std::nullopt;
  const auto time = wire::parse_rfc3339(whole.append(kWhole.substr(whole.size())).append("Z"));
  if (!time) return std::nullopt;
  return offset ? *time - *offset : in_local_zone(*time);
}

}  // namespace chatd::client
