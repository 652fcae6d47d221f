// SPDX-License-Identifier: GPL-3.0-or-later
// semaphore.hpp — a number of units that processes (and threads) take and give back.
//
// Runs in:   every process forked after create(), any thread.
// Owns:      a page of anonymous shared memory; no name, no descriptor.
// Errors:    acquire(): ETIMEDOUT. release(): EOVERFLOW beyond kMaxValue.
// Crash:     a process killed inside acquire() or release() wedges nobody. Units that a
//            killed process had taken stay taken: a semaphore cannot know who will give
//            them back, that is often another process. A lock that comes free with its
//            holder's death is SharedValue::update() or RobustMutex.
#pragma once

#include <cstdint>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

class Semaphore {
 public:
  static constexpr std::uint32_t kMaxValue = 0x7fff'ffff;

  [[nodiscard]] static Result<Semaphore> create(std::uint32_t value);

  // Takes one unit, waiting for it if there is none.
  [[nodiscard]] Result<> acquire(Timeout timeout = kForever);
  // Gives units back, or adds new ones.
  [[nodiscard]] Result<> release(std::uint32_t units = 1);
  // Of this moment; another process may change it before the caller looks.
  [[nodiscard]] std::uint32_t value() const noexcept;

 private:
  struct State {
    RobustMutex mutex;
    WaitWord units;
    std::atomic<std::uint32_t> value;
  };
  explicit Semaphore(SharedObject<State> state) noexcept : state_{std::move(state)} {}
  SharedObject<State> state_;
};

}  // namespace chatd::process
