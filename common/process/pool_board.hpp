// SPDX-License-Identifier: GPL-3.0-or-later
// pool_board.hpp — where the workers of a Pool find their next task.
//
// Runs in:   the pool's owner puts tasks up; every worker takes them down by itself.
// Owns:      nothing; it is kept in shared memory, its ring's bytes follow it.
// Invariant: tasks are taken in the order of their ids, each once.
// Crash:     a worker notes the id that it takes before the task leaves the board, so
//            that held_by() names the task which a dead worker had in its hands.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/process/pool_task.hpp"
#include "common/process/record_ring.hpp"
#include "common/process/robust_mutex.hpp"
#include "common/process/wait_word.hpp"

namespace chatd::process {

using TaskId = std::uint64_t;  // from 1, counting up
inline constexpr TaskId kNoTask = 0;
inline constexpr unsigned kMaxWorkers = 1024;

struct TaskNotice {
  TaskId id;
  TaskEntry entry;
  bool call_follows;  // else the call is too large for the board: the worker asks for it
};

class TaskBoard {
 public:
  explicit TaskBoard(std::size_t capacity) noexcept : ring_{capacity} {}

  [[nodiscard]] static std::size_t capacity() noexcept;
  // Larger calls do not go on the board.
  [[nodiscard]] static std::size_t max_call_size() noexcept;

  // False: there is no room now.
  [[nodiscard]] bool try_put(const TaskNotice& notice, std::span<const std::byte> call) noexcept;
  // No more tasks: take() gives nullopt once the board is empty.
  void close() noexcept;

  // Waits for a task; `call` becomes its call, if that follows.
  [[nodiscard]] std::optional<TaskNotice> take(unsigned worker, Bytes& call);
  // The worker is done with what it took.
  void finish(unsigned worker) noexcept;

  // What a worker that has died had taken and not finished, else kNoTask.
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
