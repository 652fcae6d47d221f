// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/time.hpp"

#include <fmt/format.h>

namespace chatd {

MonoTime mono_now() noexcept {
  return std::chrono::time_point_cast<Micros>(std::chrono::steady_clock::now());
}

WallTime wall_now() noexcept {
  return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
}

std::string to_rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace chatd
