// SPDX-License-Identifier: GPL-3.0-or-later
// respawn_policy.hpp — how late a dead child comes back.
//
// Runs in:   supervisor. Pure: no clock, no fork, no log. One per slot.
// Invariant: at once for a child that has lived a second; for one that keeps dying younger
//            at once, then 100 ms doubling up to 2 s: a fork that often costs nothing, and its
//            members wait for it. Never given up: a room with a lame worker beats no room.
#pragma once

#include <algorithm>
#include <chrono>

namespace chatd::supervisor {

class RespawnPolicy {
 public:
  using Millis = std::chrono::milliseconds;

  struct Limits {
    Millis first_delay{100};
    Millis max_delay{2'000};
    Millis healthy_after{1'000};  // lived this long: earlier deaths are forgiven
  };

  RespawnPolicy() = default;
  explicit RespawnPolicy(Limits limits) : limits_{limits} {}

  // The delay before the next life of a child that has lived `lived`.
  [[nodiscard]] Millis on_death(Millis lived) {
    if (lived >= limits_.healthy_after) quick_deaths_ = 0;
    const unsigned before = quick_deaths_++;
    if (before == 0) return Millis{0};
    // Capped at 16 doublings so that a long crash loop cannot overflow.
    return std::min(limits_.first_delay * (1U << std::min(before - 1, 16U)), limits_.max_delay);
  }

 private:
  Limits limits_{};
  unsigned quick_deaths_{0};
};

}  // namespace chatd::supervisor
