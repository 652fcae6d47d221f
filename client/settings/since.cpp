// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/since.hpp"

#include <ctime>
#include <string>

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
  const bool is_utc = text.ends_with('Z');
  if (is_utc) text.remove_suffix(1);
  const bool is_whole = text.size() == kWhole.size();
  const bool has_date_only = text.size() == kWhole.find('T');
  const bool has_no_seconds = text.size() == kWhole.rfind(':');
  if (!is_whole && !has_no_seconds && (!has_date_only || is_utc)) return std::nullopt;
  const auto time =
      wire::parse_rfc3339(std::string{text}.append(kWhole.substr(text.size())).append("Z"));
  if (!time) return std::nullopt;
  return is_utc ? *time : in_local_zone(*time);
}

}  // namespace chatd::client
