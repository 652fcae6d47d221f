// SPDX-License-Identifier: GPL-3.0-or-later
// possible_time.hpp — which times of a server have a date.
//
// Runs in:   uchat; tests. Pure.
// Invariant: a hostile server can send any number of microseconds since 1970. A date is calculated
//            only from a possible time, which has a year of four digits.
#pragma once

#include <chrono>

#include "common/base/time.hpp"

namespace chatd::client {

// True for a time behind the beginning of 1970 and before the year 10000.
[[nodiscard]] constexpr bool is_possible(WallTime time) noexcept {
  constexpr WallTime kEnd{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}};
  return time > WallTime{} && time < kEnd;
}

}  // namespace chatd::client
