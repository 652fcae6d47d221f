// SPDX-License-Identifier: GPL-3.0-or-later
// pool.hpp — a pool of worker processes, forked in advance, that run many tasks.
//
// Runs in:   the process that made it (the owner), in one thread at a time. The workers die
//            with the owner; they are forks of it at the time of create() (or of the
//            moment when one was replaced).
// Owns:      the workers. The destructor terminates them; a missing result is an error then.
// Invariant: arguments and results are copies of any size (codec.hpp lists the types);
//            a task runs at most once, and its result is either a value or an error.
// Errors:    get() returns a task's exception or Error. EPIPE: closed. ETIMEDOUT.
//            ECANCELED: terminated. EOWNERDEAD: the worker died in this task.
// Crash:     a worker killed in a task: that task fails with "worker died: ...", the worker
//            is replaced, every other task completes.
//
// Workers take tasks from shared memory themselves, up to 4 MiB of them. More tasks are passed
// on, results collected and dead workers replaced only inside the calls below.
//
//   auto pool = Pool::create({.workers = 4});
//   auto sum = pool->apply_async([](int a, int b) { return a + b; }, 1, 2);
//   if (Result<int> value = sum->get(1s)) ...
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/toolkit/async_result.hpp"
#include "common/toolkit/pool_core.hpp"
#include "common/toolkit/pool_task.hpp"

namespace chatd::process {

// A pool and its owner's calls.
class Pool {
 public:
  using Options = PoolOptions;

  [[nodiscard]] static Result<Pool> create(const Options& options = {}) {
    auto core = PoolCore::create(options);
    if (!core) return fail(std::move(core).error());
    return Pool{std::move(*core)};
  }
  Pool(Pool&&) noexcept = default;
  Pool& operator=(Pool&&) = delete;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    if (core_) core_->terminate();
  }

  // Submits a task: a call of the function with copies of the arguments.
  template <class Function, class... Arguments>
  [[nodiscard]] auto apply_async(Function function, Arguments... arguments)
      -> Result<AsyncResult<TaskValue<Function, Arguments...>>> {
    Bytes call;
    write_function(call, function);
    (Codec<Arguments>::write(call, arguments), ...);
    auto task = core_->submit(&run_call<Function, Arguments...>, std::move(call));
    if (!task) return fail(std::move(task).error());
    return AsyncResult<TaskValue<Function, Arguments...>>{core_, std::move(*task)};
  }

  // apply_async() and get() in one call.
  template <class Function, class... Arguments>
  [[nodiscard]] auto apply(Function function, Arguments... arguments)
      -> Result<TaskValue<Function, Arguments...>> {
    auto result = apply_async(std::move(function), std::move(arguments)...);
    if (!result) return fail(std::move(result).error());
    return result->get();
  }

  // Calls the function for each element and returns the results in order. `chunk` elements make one
  // task; 0 chooses at least four chunks for each worker, of at most 16 KiB. The first error, by
  // order, is the error of the whole map.
  template <class Function, class Input>
  [[nodiscard]] auto map(Function function, const std::vector<Input>& values, std::size_t chunk = 0)
      -> Result<std::vector<TaskValue<Function, Input>>> {
    using Out = TaskValue<Function, Input>;
    if (chunk == 0) chunk = default_chunk(values.size(), sizeof(Input));
    std::vector<AsyncResult<std::vector<Out>>> parts;
    for (std::size_t start = 0; start < values.size(); start += chunk) {
      const auto part = std::span{values}.subspan(start, std::min(chunk, values.size() - start));
      Bytes call;
      write_function(call, function);
      write_elements(call, part);
      auto task = core_->submit(&run_chunk<Function, Input>, std::move(call));
      if (!task) return fail(std::move(task).error());
      parts.emplace_back(core_, std::move(*task));
    }
    std::vector<Out> results;
    results.reserve(values.size());
    for (auto& part : parts) {
      auto bytes = part.get_bytes(kForever);
      if (!bytes) return fail(std::move(bytes).error());
      if (!read_elements(*bytes, results)) return fail("the result is cut short");
    }
    return results;
  }

  // No more tasks are accepted; submitted tasks still run.
  void close() noexcept { core_->close(); }
  // After close(): waits for all tasks and for the end of the workers.
  [[nodiscard]] Result<> join() { return core_->join(); }
  // Kills the workers; tasks without a result get an error.
  void terminate() { core_->terminate(); }

  [[nodiscard]] unsigned size() const noexcept { return core_->size(); }  // workers
  [[nodiscard]] std::vector<pid_t> pids() const { return core_->pids(); }

 private:
  explicit Pool(std::shared_ptr<PoolCore> core) noexcept : core_{std::move(core)} {}

  [[nodiscard]] std::size_t default_chunk(std::size_t count, std::size_t size_of_each) const {
    // Larger chunks are slower: their buffers are larger than the cache and malloc's reused blocks.
    constexpr std::size_t kLargestChunk = std::size_t{16} * 1024;
    const std::size_t chunks = std::size_t{4} * std::max(size(), 1U);
    const std::size_t even = (count + chunks - 1) / chunks;
    return std::clamp<std::size_t>(even, 1, std::max<std::size_t>(kLargestChunk / size_of_each, 1));
  }

  std::shared_ptr<PoolCore> core_;
};

}  // namespace chatd::process
