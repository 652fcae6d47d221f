// SPDX-License-Identifier: GPL-3.0-or-later
// wait.hpp — wait(2) and waitpid(2): the first of three ways to leave no zombie.
//
// A child that has ended stays in the process table, a zombie, until its parent has asked
// for its status. The other two ways: reap_children() (reaper.hpp) from an event loop's
// SIGCHLD handler, and start_detached() (detached.hpp), where init collects the status.
//
// Runs in:   every process, for its own children only.
// Invariant: a death is reported once. Code that collects the child of a Process object
//            must pass the status to it with Process::record_exit().
// Errors:    code ECHILD: there is no such child (any more).
#pragma once

#include <sys/types.h>

#include <optional>

#include "common/base/result.hpp"
#include "common/process/exit_status.hpp"

namespace chatd::process {

// A child that has ended, and its status.
struct Death {
  pid_t pid;
  ExitStatus status;
};

// wait(2): blocks until any child has ended.
[[nodiscard]] Result<Death> wait_for_any_child();
// waitpid(2): blocks until this child has ended.
[[nodiscard]] Result<Death> wait_for_child(pid_t pid);
// waitpid(2) with WNOHANG: nullopt while this child lives.
[[nodiscard]] Result<std::optional<Death>> poll_child(pid_t pid);
// The same for any child: nullopt while children live, ECHILD when there are none.
[[nodiscard]] Result<std::optional<Death>> poll_any_child();

}  // namespace chatd::process
