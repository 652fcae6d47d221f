// SPDX-License-Identifier: GPL-3.0-or-later
// pool_worker.hpp — the life of one worker of a Pool, and what it says to the owner.
//
// Runs in:   a worker, from its fork to its end.
// Errors:    a task that throws becomes an error reply. A worker whose owner is gone ends.
#pragma once

#include <cstdint>

#include "common/process/pipe.hpp"
#include "common/process/pool_board.hpp"

namespace chatd::process {

enum class ReplyKind : std::uint32_t {
  done,    // followed by the result's bytes
  failed,  // followed by the error's text
  fetch,   // send me the call of this task
};

// Starts every message from a worker to the owner.
struct ReplyHeader {
  TaskId id;
  ReplyKind kind;
  std::int32_t code;  // of the error
};

// Takes tasks until the board is closed and empty; the exit status.
[[nodiscard]] int serve_tasks(TaskBoard& board, unsigned worker, PipeEnd& owner);

}  // namespace chatd::process
