// SPDX-License-Identifier: GPL-3.0-or-later
// wait_word.hpp — sleeping until data that a RobustMutex guards has changed.
//
// Runs in:   any process and thread that shares the memory it is kept in.
//
// Why not a condition variable: a process killed inside pthread_cond_wait leaves glibc's
// condition variable with a waiter that never leaves its group; later signals and waits
// can then block for ever. A dead waiter holds nothing here: there is a sequence number to
// sleep on (futex) and a hint that a process may sleep.
//
// The protocol, and why a kill at any instruction blocks no other process:
// - A waiter enrolls under the lock, unlocks, waits, locks, checks again.
// - A changer, under the lock, first wakes all waiters, then publishes the change, then
//   unlocks. The woken waiters wait for the lock and see the change. If the changer was killed
//   before it published, they get the lock from the kernel and see that there was no change.
//   Waking last would leave a gap with a change that no waiter is woken for.
// - All waiters are woken, not one: that one could be killed before it acted on the change.
// - The hint is cleared after waking: if a changer is killed in between, the next one wakes
//   again. A killed waiter leaves the hint set: one unnecessary wake-up.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/process/deadline.hpp"

namespace chatd::process {

// A futex and its hint, beside the data that a RobustMutex guards.
class WaitWord {
 public:
  // Under the lock. The ticket is for one wait().
  [[nodiscard]] std::uint32_t enroll() noexcept {
    may_sleep_.store(1, std::memory_order_relaxed);
    return sequence_.load(std::memory_order_relaxed);
  }
  // Without the lock. False: the deadline passed. May return true without a change.
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
