// SPDX-License-Identifier: GPL-3.0-or-later
// wait_word.hpp — sleeping until something that a RobustMutex guards has changed.
//
// Runs in:   any process and thread that shares the memory it is kept in.
//
// Why not a condition variable: a process killed inside pthread_cond_wait leaves glibc's
// condition variable with a waiter that never leaves its group; later signals and waits
// can then block for ever. Here is nothing that a dead waiter could keep: a sequence
// number to sleep on (futex) and a hint that somebody may sleep.
//
// The protocol, and why a kill at any instruction wedges nobody:
// - A waiter enrolls under the lock, unlocks, waits, locks, looks again.
// - A changer, under the lock, first wakes everybody, then publishes the change, then
//   unlocks. The woken run into the lock and see the change, or, if the changer was
//   killed before it published, get the lock from the kernel and see that there was none.
//   Waking last would leave a gap in which a change exists that nobody was told of.
// - All are woken, not one: the one could be killed before it acted on it.
// - The hint is cleared after waking: a changer killed in between has only left it to the
//   next one to wake again. A killed waiter leaves the hint set: one needless wake-up.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/process/deadline.hpp"

namespace chatd::process {

class WaitWord {
 public:
  // Under the lock. The ticket is for one wait().
  [[nodiscard]] std::uint32_t enroll() noexcept {
    may_sleep_.store(1, std::memory_order_relaxed);
    return sequence_.load(std::memory_order_relaxed);
  }
  // Without the lock. False: the deadline passed. May return true for no reason.
  [[nodiscard]] bool wait(std::uint32_t ticket, const Deadline& deadline) noexcept;
  // Under the lock, before the change is published.
  void wake_all() noexcept {
    if (may_sleep_.load(std::memory_order_relaxed) != 0) wake_sleepers();
  }

 private:
  void wake_sleepers() noexcept;

  std::atomic<std::uint32_t> sequence_{0};
  std::atomic<std::uint32_t> may_sleep_{0};
};

static_assert(std::atomic<std::uint32_t>::is_always_lock_free);

}  // namespace chatd::process
