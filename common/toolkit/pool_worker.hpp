// SPDX-License-Identifier: GPL-3.0-or-later
// pool_worker.hpp — the loop of one worker of a Pool, and its messages to the owner.
//
// Runs in:   a worker, from its fork to its end.
// Errors:    a task that throws becomes an error reply. A worker whose owner has ended ends, too.
#pragma once

#include <cstdint>

#include "common/process/pipe.hpp"
#include "common/toolkit/pool_board.hpp"

namespace chatd::process {

// The kind of a message from a worker to the owner.
enum class ReplyKind : std::uint32_t {
  done,    // followed by the result's bytes
  failed,  // followed by the error's text
  fetch,   // a request for the call of this task
};

// The header of every message from a worker to the owner.
struct ReplyHeader {
  TaskId id;
  ReplyKind kind;
  std::int32_t code;  // the error's code
};

// Runs tasks until the board is closed and empty. Returns the exit status.
[[nodiscard]] int serve_tasks(TaskBoard& board, unsigned worker, PipeEnd& owner);

}  // namespace chatd::process
