// SPDX-License-Identifier: GPL-3.0-or-later
// respawn_policy.hpp — the delay before a dead child is started again.
//
// Runs in:   supervisor. Pure: no clock, no fork, no log. One per child.
// Invariant: a child that has lived a second is started again at once. After shorter lives in a row
//            the delays are 0, then 100 ms, doubled each time up to 2 s: so many forks cost little,
//            and members wait for the child. There is no last attempt: a service with one failed
//            worker is better than none.
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
    Millis healthy_after{1'000};  // after a life of this length earlier deaths no longer count
  };

  RespawnPolicy() = default;
  explicit RespawnPolicy(Limits limits) : limits_{limits} {}

  // The delay after the death of a child that has lived for `lived`.
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
