// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/local_time.hpp"

#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common/base/possible_time.hpp"

namespace chatd::client {

namespace {

// Without the conversion to nanoseconds of system_clock, which have no year behind 2262.
std::tm local(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  (void)::localtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

std::string clock_of(WallTime time) {
  if (!is_possible(time)) return "--:-- ";
  const std::tm parts = local(time);
  return fmt::format("{:02}:{:02} ", parts.tm_hour, parts.tm_min);
}

std::string day_of(WallTime time) {
  if (!is_possible(time)) return {};
  const std::tm parts = local(time);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string minute_of(WallTime time) {
  if (!is_possible(time)) return "---------- --:--";
  return fmt::format("{} {:%H:%M}", day_of(time), local(time));
}

std::string date_and_time(WallTime time) {
  if (!is_possible(time)) return "---------- --:--:--";
  return fmt::format("{} {:%H:%M:%S}", day_of(time), local(time));
}

}  // namespace chatd::client
