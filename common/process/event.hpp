// SPDX-License-Identifier: GPL-3.0-or-later
// event.hpp — a flag to wait for, between processes and between threads (std::jthread).
//
// Runs in:   every process forked after create(), any thread.
// Owns:      a page of anonymous shared memory; no name, no descriptor.
// Invariant: whoever waits when set() is called comes out of it, even if clear() follows
//            before it has woken up.
// Crash:     a process killed inside any call wedges nobody; set() has happened or not.
#pragma once

#include <cstdint>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

class Event {
 public:
  [[nodiscard]] static Result<Event> create();  // not set

  void set() noexcept;
  void clear() noexcept;
  [[nodiscard]] bool is_set() const noexcept;
  // True at once if it is set, or as soon as it is; false when the time-out passed first.
  [[nodiscard]] bool wait(Timeout timeout = kForever) noexcept;

 private:
  // Odd: set. Counting up on each change tells a waiter that it was set in between.
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
