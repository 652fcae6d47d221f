// SPDX-License-Identifier: GPL-3.0-or-later
// async_result.hpp — the result of a Pool's task, now or later.
//
// Runs in:   the pool's owner.
// Owns:      the task's outcome; it may outlive the pool.
// Errors:    get(): the task's own; ETIMEDOUT; EOWNERDEAD: its worker died in it;
//            ECANCELED: the pool was terminated before it was done.
#pragma once

#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "common/base/result.hpp"
#include "common/process/codec.hpp"
#include "common/process/pool_core.hpp"

namespace chatd::process {

// What a task will give. May be dropped; the task runs all the same.
template <class T>
class AsyncResult {
 public:
  AsyncResult(std::shared_ptr<PoolCore> core, PoolTaskPtr task) noexcept
      : core_{std::move(core)}, task_{std::move(task)} {}

  // The task's value, or its error. May be called again after a time-out, and after it.
  [[nodiscard]] Result<T> get(Timeout timeout = kForever) {
    auto bytes = get_bytes(timeout);
    if (!bytes) return fail(std::move(bytes).error());
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      T value{};
      if (!Codec<T>::read(*bytes, value)) return fail("the result is cut short");
      return value;
    }
  }
  // Never waits. True: get() gives the value or the error at once.
  [[nodiscard]] bool ready() {
    const auto done = core_->wait(*task_, Deadline{kNoWait});
    return !done || *done;
  }
  // The value as it came, for a caller that reads it piece by piece.
  [[nodiscard]] Result<std::span<const std::byte>> get_bytes(Timeout timeout) {
    auto done = core_->wait(*task_, Deadline{timeout});
    if (!done) return fail(std::move(done).error());
    if (!*done) return fail(timed_out("get a result"));
    if (!*task_->outcome) return fail(Error{task_->outcome->error()});
    return std::span<const std::byte>{**task_->outcome}.subspan(sizeof(ReplyHeader));
  }

 private:
  std::shared_ptr<PoolCore> core_;
  PoolTaskPtr task_;
};

}  // namespace chatd::process
