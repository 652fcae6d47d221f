// SPDX-License-Identifier: GPL-3.0-or-later
// rate_limit.hpp — how often one member may speak; one word of state.
//
// Runs in:   gateway (holds members to it), client (keeps to it). Pure: the time is an argument.
// Invariant: over any stretch of time t at most burst + t * per_second events are admitted.
// See:       the generic cell rate algorithm of ITU-T I.371 (GCRA, virtual scheduling).
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

#include "common/base/time.hpp"

namespace chatd {

class RateLimit {
 public:
  // per_second <= 0 or burst == 0: no limit.
  RateLimit(double per_second, std::uint32_t burst) noexcept {
    if (per_second <= 0 || burst == 0) return;
    // Rounded up, so that it never is more than was asked for.
    interval_ = Micros{static_cast<std::int64_t>(std::ceil(1e6 / per_second))};
    tolerance_ = interval_ * (burst - 1);
  }

  // Admits the event (nullopt) or says how long to wait for the next one. `arrival` is the
  // member's word, 0 at first; a refused event never moves it on, so that asking again and
  // again never lengthens the wait.
  [[nodiscard]] std::optional<Micros> refuse(std::int64_t& arrival, MonoTime now) const noexcept {
    if (interval_ == Micros{0}) return std::nullopt;
    const Micros time = now.time_since_epoch();
    // Further ahead than this, it was counted under a lower rate, which holds no more.
    arrival = std::min(arrival, (time + tolerance_ + interval_).count());
    const Micros expected{arrival};
    if (time < expected - tolerance_) return expected - tolerance_ - time;
    arrival = (std::max(time, expected) + interval_).count();
    return std::nullopt;
  }

  // The next event is admitted after `wait` and not before; at most after 1 / per_second.
  void hold(std::int64_t& arrival, MonoTime now, Micros wait) const noexcept {
    arrival = (now.time_since_epoch() + tolerance_ + wait).count();
  }
  // As if all that is allowed at once had just come.
  void spend(std::int64_t& arrival, MonoTime now) const noexcept { hold(arrival, now, interval_); }

 private:
  Micros interval_{0};
  Micros tolerance_{0};
};

}  // namespace chatd
