// SPDX-License-Identifier: GPL-3.0-or-later
// steadiness.hpp — detects a steady stream of messages, in which the next one is always near.
//
// Runs in:   worker. Pure.
// Invariant: ends by itself; the caller must call holds() again at ends_at().
#pragma once

#include <algorithm>

#include "common/base/time.hpp"

namespace chatd::worker {

class Steadiness {
 public:
  // Called when the log was read. `has_grown`: since the last call.
  void look(bool has_grown, MonoTime now) noexcept {
    if (!has_grown) return;
    in_a_row_ = now < ends_at() ? in_a_row_ + 1 : 0;
    last_ = now;
  }
  [[nodiscard]] bool holds(MonoTime now) const noexcept {
    return in_a_row_ >= kEnough && now < ends_at();
  }
  [[nodiscard]] MonoTime ends_at() const noexcept { return last_ + kPause; }
  // Returns `timer`, but at most ends_at() while the stream holds: when it ends, members are asked
  // for the missing acknowledgements. A timer that is not set remains so.
  [[nodiscard]] MonoTime limit(MonoTime timer, MonoTime now) const noexcept {
    return holds(now) && timer != MonoTime::max() ? std::min(timer, ends_at()) : timer;
  }

 private:
  // In a stream a loss shows when the next message arrives; after a longer pause the usual
  // acknowledgement shows it sooner.
  static constexpr Micros kPause{150'000};
  static constexpr unsigned kEnough = 8;

  MonoTime last_{};
  unsigned in_a_row_{0};
};

}  // namespace chatd::worker
