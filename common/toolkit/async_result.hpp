// SPDX-License-Identifier: GPL-3.0-or-later
// async_result.hpp — the result of a Pool's task, available at once or later.
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
#include "common/toolkit/pool_core.hpp"

namespace chatd::process {

// The future result of a task. If it is destroyed, the task runs all the same.
template <class T>
class AsyncResult {
 public:
  AsyncResult(std::shared_ptr<PoolCore> core, PoolTaskPtr task) noexcept
      : core_{std::move(core)}, task_{std::move(task)} {}

  // Waits for the task. Returns its value, or its error. May be called again, also after a timeout.
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
  // Never waits. True: get() returns the value or the error at once.
  [[nodiscard]] bool ready() {
    const auto done = core_->wait(*task_, Deadline{kNoWait});
    return !done || *done;
  }
  // The bytes of the value, for a caller that decodes them in parts.
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
