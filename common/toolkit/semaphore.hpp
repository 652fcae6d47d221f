// SPDX-License-Identifier: GPL-3.0-or-later
// semaphore.hpp — a number of units that processes (and threads) take and give back.
//
// Runs in:   every process forked after create(), any thread.
// Owns:      a page of anonymous shared memory; no name, no descriptor.
// Errors:    acquire(): ETIMEDOUT. release(): EOVERFLOW beyond kMaxValue.
// Crash:     a process killed inside acquire() or release() blocks no other process. Units that
//            a killed process had taken stay taken: a semaphore does not know which process
//            gives them back, that is often another one. For a lock that the death of its
//            holder releases, see SharedValue::update() and RobustMutex.
#pragma once

#include <cstdint>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/shared_memory.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

// A counting semaphore.
class Semaphore {
 public:
  static constexpr std::uint32_t kMaxValue = 0x7fff'ffff;

  [[nodiscard]] static Result<Semaphore> create(std::uint32_t value);

  // Takes one unit; waits while there is none.
  [[nodiscard]] Result<> acquire(Timeout timeout = kForever);
  // Gives units back, or adds new ones.
  [[nodiscard]] Result<> release(std::uint32_t units = 1);
  // The value of one moment; another process may change it before the caller uses it.
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
