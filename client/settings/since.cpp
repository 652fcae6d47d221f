// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/since.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>

#include "client/words/local_time.hpp"
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

}  // namespace

std::optional<WallTime> parse_since(std::string_view text, WallTime now) {
  if (const auto seconds = seconds_of(text)) return now - std::chrono::seconds{*seconds};
  constexpr std::string_view kWhole = "0000-00-00T00:00:00";
  constexpr std::size_t kDay = kWhole.find('T');
  constexpr std::size_t kClock = std::string_view{"00:00"}.size();
  std::string time{text};
  if (text.size() == kClock) time.insert(0, day_of(now) + 'T');
  const std::size_t end = std::min(time.find_first_of("Z+-", kDay), time.size());
  const std::string zone = time.substr(end);
  time.resize(end);
  if (time.size() > kDay && time[kDay] == ' ') time[kDay] = 'T';
  const bool is_whole = time.size() == kWhole.size();
  const bool has_date_only = time.size() == kDay;
  const bool has_no_seconds = time.size() == kWhole.rfind(':');
  if (!is_whole && !has_no_seconds && (!has_date_only || !zone.empty())) return std::nullopt;
  time.append(kWhole.substr(time.size())).append(zone.empty() ? "Z" : zone);
  const auto parsed = wire::parse_rfc3339(time);
  return parsed && zone.empty() ? in_local_zone(*parsed) : parsed;
}

}  // namespace chatd::client
