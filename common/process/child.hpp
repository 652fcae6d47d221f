// SPDX-License-Identifier: GPL-3.0-or-later
// child.hpp — the steps of a new process between fork(2) and its target.
//
// Runs in:   the child, once, as the only thread it has.
// Invariant: never returns into the parent's code and never runs the parent's atexit
//            handlers: it ends with _exit(2).
// Errors:    a child that cannot be set up, or whose target throws, writes the reason in one
//            line to standard error and ends with kUncaughtExceptionCode.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace chatd::process {

// The settings of a child, which are made before its target runs.
struct ChildSetup {
  std::string name;
  std::optional<pid_t> die_with;  // the parent; the kernel kills the child when it ends
  std::optional<std::vector<int>> keep_fds;
};

// Calls fork(2). The parent's standard streams are flushed first, so that no buffered text is
// written twice. Every signal is blocked in the child until run_child() has replaced the parent's
// handlers.
[[nodiscard]] Result<pid_t> fork_child();

// Sets up the child, runs the target and ends the process with the status that the target returned.
// The child has default signal dispositions, an empty mask, /dev/null as standard input, the name,
// and no open descriptor except keep_fds. A status outside 0..255 becomes 255, since the kernel
// would cut it: 256 would become 0, a success.
[[noreturn]] void run_child(const ChildSetup& setup, const std::function<int()>& target);

}  // namespace chatd::process
