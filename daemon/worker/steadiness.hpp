// SPDX-License-Identifier: GPL-3.0-or-later
// steadiness.hpp — is something said all the time, so that the next message is never far?
//
// Runs in:   worker. Pure.
// Invariant: ends by itself; whoever relies on it must look again at ends_at().
#pragma once

#include "common/base/time.hpp"

namespace chatd::worker {

class Steadiness {
 public:
  // At each look at the log: has it grown since the last one?
  void look(bool has_grown, MonoTime now) noexcept {
    if (!has_grown) return;
    in_a_row_ = now < ends_at() ? in_a_row_ + 1 : 0;
    last_ = now;
  }
  [[nodiscard]] bool holds(MonoTime now) const noexcept {
    return in_a_row_ >= kEnough && now < ends_at();
  }
  [[nodiscard]] MonoTime ends_at() const noexcept { return last_ + kPause; }

 private:
  // A loss shows when the next message comes; with a longer pause, the usual acknowledgement
  // would have shown it sooner.
  static constexpr Micros kPause{150'000};
  static constexpr unsigned kEnough = 8;

  MonoTime last_{};
  unsigned in_a_row_{0};
};

}  // namespace chatd::worker
