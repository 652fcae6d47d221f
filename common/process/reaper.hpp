// SPDX-License-Identifier: GPL-3.0-or-later
// reaper.hpp — collects every child that has died: the SIGCHLD way to leave no zombie.
//
// Runs in:   a process whose event loop handles SIGCHLD; call it from that handler (the
//            loop's, not the signal's: it allocates).
// Invariant: never blocks. The children of Process objects are collected too: hand each
//            death to its object with Process::record_exit().
#pragma once

#include <vector>

#include "common/base/result.hpp"
#include "common/process/wait.hpp"

namespace chatd::process {

// Empty when nobody has died, also when there are no children at all.
[[nodiscard]] Result<std::vector<Death>> reap_children();

}  // namespace chatd::process
