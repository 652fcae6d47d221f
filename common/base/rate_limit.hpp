// SPDX-License-Identifier: GPL-3.0-or-later
// rate_limit.hpp — how often one member may send; the state of a member is one 64-bit integer.
//
// Runs in:   gateway (enforces the limit), client (keeps to it). Pure: the time is an argument.
// Invariant: over any period t at most burst + t * per_second events are admitted.
// See:       the generic cell rate algorithm of ITU-T I.371 (GCRA, virtual scheduling).
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

#include "common/base/time.hpp"

namespace chatd {

// A rate and a burst. One object serves all members; the caller keeps `arrival` for each.
class RateLimit {
 public:
  // per_second <= 0 or burst == 0: no limit.
  RateLimit(double per_second, std::uint32_t burst) noexcept {
    if (per_second <= 0 || burst == 0) return;
    // Rounded up, so that the rate is never above per_second.
    interval_ = Micros{static_cast<std::int64_t>(std::ceil(1e6 / per_second))};
    tolerance_ = interval_ * (burst - 1);
  }

  // Admits the event (nullopt) or returns the time to wait for the next one. `arrival` is the
  // member's state in microseconds, 0 at first. A refused event does not change it, so repeated
  // requests do not make the wait longer.
  [[nodiscard]] std::optional<Micros> refuse(std::int64_t& arrival, MonoTime now) const noexcept {
    if (interval_ == Micros{0}) return std::nullopt;
    const Micros time = now.time_since_epoch();
    // An `arrival` beyond this limit was counted under a lower rate, which no longer applies.
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
  // Counts a whole burst at `now`.
  void spend(std::int64_t& arrival, MonoTime now) const noexcept { hold(arrival, now, interval_); }

 private:
  Micros interval_{0};
  Micros tolerance_{0};
};

}  // namespace chatd
