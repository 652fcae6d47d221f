// SPDX-License-Identifier: GPL-3.0-or-later
// pool_board.hpp — the queue in shared memory from which the workers of a Pool take tasks.
//
// Runs in:   the pool's owner adds tasks; every worker takes them itself.
// Owns:      nothing; it is kept in shared memory, its ring's bytes follow it.
// Invariant: tasks are taken in the order of their ids, each once.
// Crash:     a worker notes the id that it takes before the task leaves the board, so
//            that held_by() returns the task that a dead worker was running.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/process/record_ring.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/wait_word.hpp"
#include "common/toolkit/pool_task.hpp"

namespace chatd::process {

using TaskId = std::uint64_t;  // from 1, counting up
inline constexpr TaskId kNoTask = 0;
inline constexpr unsigned kMaxWorkers = 1024;

// A task on the board.
struct TaskNotice {
  TaskId id;
  TaskEntry entry;
  bool call_follows;  // false: the call is too large for the board; the worker asks for it
};

// The queue and the task that each worker holds.
class TaskBoard {
 public:
  explicit TaskBoard(std::size_t capacity) noexcept : ring_{capacity} {}

  [[nodiscard]] static std::size_t capacity() noexcept;
  // The size of the largest call that the board takes, in bytes.
  [[nodiscard]] static std::size_t max_call_size() noexcept;

  // False: the board is full.
  [[nodiscard]] bool try_put(const TaskNotice& notice, std::span<const std::byte> call) noexcept;
  // No more tasks: take() returns nullopt when the board is empty.
  void close() noexcept;

  // Waits for a task; `call` becomes its call, if call_follows.
  [[nodiscard]] std::optional<TaskNotice> take(unsigned worker, Bytes& call);
  // Called by a worker after its task.
  void finish(unsigned worker) noexcept;

  // The task that a dead worker had taken and not finished, else kNoTask.
  [[nodiscard]] TaskId held_by(unsigned worker) noexcept;

 private:
  [[nodiscard]] TaskNotice front() const noexcept;

  RobustMutex mutex_;
  WaitWord tasks_;
  std::atomic<bool> closed_{false};
  std::array<std::atomic<TaskId>, kMaxWorkers> held_{};
  RecordRing ring_;  // last: its bytes follow
};

}  // namespace chatd::process
