// SPDX-License-Identifier: GPL-3.0-or-later
// possible_time.hpp — which times of a peer have a date.
//
// Runs in:   every process. Pure.
// Invariant: a peer can send any number of seconds or microseconds since 1970. A date is
//            calculated only from a possible time, which has a year of four digits.
#pragma once

#include <chrono>

namespace chatd {

// True for a time behind the beginning of 1970 and before the year 10000. The time is a WallTime,
// or one of seconds, which is converted to a WallTime only if it is possible.
template <class Duration>
[[nodiscard]] constexpr bool is_possible(std::chrono::sys_time<Duration> time) noexcept {
  constexpr std::chrono::sys_days kEnd{std::chrono::year{10'000} / 1 / 1};
  return time > std::chrono::sys_time<Duration>{} && time < kEnd;
}

}  // namespace chatd
