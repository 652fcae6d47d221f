// SPDX-License-Identifier: GPL-3.0-or-later
// event.hpp — a flag to wait for, between processes and between threads (std::jthread).
//
// Runs in:   every process forked after create(), any thread.
// Owns:      a page of anonymous shared memory; no name, no descriptor.
// Invariant: every wait() that has begun when set() is called returns, even if clear() follows
//            before the waiter runs.
// Crash:     a process killed inside any call blocks no other process; the flag is set or not.
#pragma once

#include <cstdint>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

// A flag, not set at first.
class Event {
 public:
  [[nodiscard]] static Result<Event> create();  // not set

  void set() noexcept;
  void clear() noexcept;
  [[nodiscard]] bool is_set() const noexcept;
  // True at once if the flag is set, or when it is set; false when the timeout passed first.
  [[nodiscard]] bool wait(Timeout timeout = kForever) noexcept;

 private:
  // `changes` is odd while the flag is set. A waiter compares it with the value at its start, and
  // so notices a set() that a clear() followed.
  struct State {
    RobustMutex mutex;
    WaitWord changed;
    std::atomic<std::uint64_t> changes{0};
  };
  static bool is_set(std::uint64_t changes) noexcept { return changes % 2 == 1; }
  void change_to(bool wanted) noexcept;

  explicit Event(SharedObject<State> state) noexcept : state_{std::move(state)} {}
  SharedObject<State> state_;
};

}  // namespace chatd::process
