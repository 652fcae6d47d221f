// SPDX-License-Identifier: GPL-3.0-or-later
// pool_core.hpp — a Pool without its types: workers, pending tasks, and their outcomes.
//
// Runs in:   the process that made it (the owner), in one thread at a time.
// Owns:      the workers, the task board, a pipe to each worker.
// Invariant: a task is in pending_ until it has its outcome; it gets exactly one.
//
// A PoolCore has no thread: workers take tasks from the board themselves, but replies are
// collected, and dead workers replaced, inside the calls of the owner.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/result.hpp"
#include "common/process/deadline.hpp"
#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/process/shared_memory.hpp"
#include "common/toolkit/pool_board.hpp"
#include "common/toolkit/pool_worker.hpp"

namespace chatd::process {

struct PoolOptions {
  unsigned workers{0};  // 0: as many as the cores that this process may use
  std::string name{"pool"};
};

// A submitted task.
struct PoolTask {
  TaskId id{kNoTask};
  TaskEntry entry{nullptr};
  Bytes call;                            // empty when a worker has it
  std::optional<Result<Bytes>> outcome;  // the reply with its header
};
using PoolTaskPtr = std::shared_ptr<PoolTask>;

class PoolCore {
 public:
  [[nodiscard]] static Result<std::shared_ptr<PoolCore>> create(const PoolOptions& options);
  PoolCore(SharedObject<TaskBoard> board, std::string name) noexcept;
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;
  ~PoolCore() { terminate(); }

  [[nodiscard]] Result<PoolTaskPtr> submit(TaskEntry entry, Bytes call);
  // Waits until the task has its outcome: true; false when the deadline passed first.
  [[nodiscard]] Result<bool> wait(const PoolTask& task, const Deadline& deadline);
  void close() noexcept { closed_ = true; }
  [[nodiscard]] Result<> join();
  void terminate();

  [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(workers_.size()); }
  [[nodiscard]] std::vector<pid_t> pids() const;

 private:
  struct Worker {
    std::unique_ptr<Process> process;
    std::optional<PipeEnd> pipe;
  };

  [[nodiscard]] Result<> spawn(unsigned index);
  [[nodiscard]] Result<> respawn_missing();
  [[nodiscard]] Result<> check_owner() const;
  // Handles events of the workers; waits for one until the deadline if there is none.
  [[nodiscard]] Result<> pump(const Deadline& deadline);
  void fill_board();
  void collect_replies(unsigned index);
  void handle(unsigned index, Bytes reply);
  void send_call(unsigned index, const PoolTask& task);
  void handle_death(unsigned index);
  void finish(TaskId id, Result<Bytes> outcome);
  void fail_all(const Error& error);

  SharedObject<TaskBoard> board_;
  std::string name_;
  pid_t owner_;
  bool closed_{false};
  TaskId last_id_{kNoTask};
  std::vector<Worker> workers_;
  std::vector<pollfd> watched_;      // a pipe and a pidfd for each worker, in order
  std::deque<PoolTaskPtr> backlog_;  // not on the board yet
  std::unordered_map<TaskId, PoolTaskPtr> pending_;
};

// The number of cores that this process may use (sched_getaffinity(2)), at least 1.
[[nodiscard]] unsigned usable_cores() noexcept;

}  // namespace chatd::process
