// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_time.hpp"

#include <chrono>
#include <ctime>

#include <fmt/format.h>

#include "client/member/possible_time.hpp"

namespace chatd::client {

std::string date_and_time(WallTime time) {
  if (!is_possible(time)) return "---------- --:--:--";
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  (void)::localtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace chatd::client
