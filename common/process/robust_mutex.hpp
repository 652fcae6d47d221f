// SPDX-License-Identifier: GPL-3.0-or-later
// robust_mutex.hpp — a lock between processes that survives the death of its holder.
//
// Runs in:   any process and thread that shares the memory it is kept in.
// Invariant: when a holder is killed, the kernel gives the lock to the next one (glibc's
//            robust mutex: EOWNERDEAD), which first runs `repair` on the guarded data.
//            A repair must be idempotent: the repairer can be killed too, and then the
//            next one repairs again.
// Rule:      never fork while holding one.
// Errors:    only the timeout. Any other error of the lock is a bug of this program and
//            ends it.
//
// Guarded data should need no repair: prepare it, then publish it with the store of one
// atomic value. With in-order retirement a killed writer has either done that store or not;
// publish() keeps the compiler from reordering it.
#pragma once

#include <atomic>
#include <cstdint>

#include <pthread.h>

#include "common/process/deadline.hpp"

namespace chatd::process {

// The lock. It must be in memory that all its users share.
class RobustMutex {
 public:
  RobustMutex() noexcept;
  RobustMutex(const RobustMutex&) = delete;
  RobustMutex& operator=(const RobustMutex&) = delete;
  ~RobustMutex() = default;  // not pthread_mutex_destroy: other processes may still use it

  // False: the deadline passed.
  template <class Repair>
  [[nodiscard]] bool lock(const Deadline& deadline, Repair repair) noexcept {
    const Outcome outcome = acquire(deadline);
    if (outcome == Outcome::inherited) {
      repair();
      mark_repaired();
    }
    return outcome != Outcome::timed_out;
  }
  [[nodiscard]] bool lock(const Deadline& deadline) noexcept {
    return lock(deadline, [] {});
  }
  void lock() noexcept { static_cast<void>(lock(Deadline{kForever})); }
  void unlock() noexcept;

 private:
  enum class Outcome : std::uint8_t { locked, inherited, timed_out };
  [[nodiscard]] Outcome acquire(const Deadline& deadline) noexcept;
  void mark_repaired() noexcept;

  pthread_mutex_t mutex_{};
};

// The store that makes prepared data visible.
template <class T>
void publish(std::atomic<T>& word, T value) noexcept {
  word.store(value, std::memory_order_release);
  // The compiler must not move later stores before this one: a kill can come in between.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

}  // namespace chatd::process
