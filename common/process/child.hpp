// SPDX-License-Identifier: GPL-3.0-or-later
// child.hpp — what happens in a new process between fork(2) and its target.
//
// Runs in:   the child, once, as the only thread it has.
// Invariant: never returns into the parent's code and never runs the parent's atexit
//            handlers: it ends with _exit(2).
// Errors:    a child that cannot be set up, or whose target lets an exception escape, says
//            why in one line on standard error and ends with kUncaughtExceptionCode.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace chatd::process {

struct ChildSetup {
  std::string name;
  std::optional<pid_t> die_with;  // the parent whose end ends this child too
  std::optional<std::vector<int>> keep_fds;
};

// fork(2) with the parent's standard streams flushed first, so that no buffered text is
// written twice, and with every signal blocked in the child until run_child() has replaced
// the parent's handlers.
[[nodiscard]] Result<pid_t> fork_child();

// Default signal dispositions, empty mask, /dev/null as standard input, nothing open but
// keep_fds, the name; then the target; then the end with what the target returned. A
// status outside 0..255 becomes 255, since the kernel would cut it, 256 to a "success".
[[noreturn]] void run_child(const ChildSetup& setup, const std::function<int()>& target);

}  // namespace chatd::process
