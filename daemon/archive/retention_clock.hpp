// SPDX-License-Identifier: GPL-3.0-or-later
// retention_clock.hpp — the time by which messages become too old. A clock that is set forward by
// mistake must not delete what is stored.
//
// Runs in:   archive. The clock is an argument.
// Borrows:   the figures in shared memory, so that a successor goes on with the same time.
// Invariant: between two calls the time grows by at most what has passed and kMaxJump, except by
//            so much as the clock was ahead during all of kBelievedAfter. So a clock that is set
//            forward twice is followed in two steps. The first call in a new memory believes the
//            clock: nothing is known of the time before.
#pragma once

#include <chrono>

#include "common/base/time.hpp"
#include "daemon/state/archive_figures.hpp"

namespace chatd::archive {

class RetentionClock {
 public:
  static constexpr std::chrono::minutes kMaxJump{1};
  static constexpr std::chrono::hours kBelievedAfter{24};

  explicit RetentionClock(state::ArchiveFigures& figures) : figures_{figures} {}

  // `mono` and `wall` are now.
  [[nodiscard]] WallTime now(MonoTime mono, WallTime wall);

 private:
  // How much of what the clock is ahead is believed at this monotonic time.
  [[nodiscard]] Micros believed(Micros ahead, Micros at);
  // The clock is so far ahead from now on.
  void begin(Micros ahead, Micros at);

  state::ArchiveFigures& figures_;
};

}  // namespace chatd::archive
