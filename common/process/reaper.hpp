// SPDX-License-Identifier: GPL-3.0-or-later
// reaper.hpp — collects every child that has died, from a SIGCHLD handler.
//
// Runs in:   a process whose event loop handles SIGCHLD; call it from that handler (the
//            loop's, not the signal's: it allocates).
// Invariant: never blocks. The children of Process objects are collected too: pass each
//            death to its object with Process::record_exit().
#pragma once

#include <vector>

#include "common/base/result.hpp"
#include "common/process/wait.hpp"

namespace chatd::process {

// Returns the children that have died; empty if there are none, also without any child.
[[nodiscard]] Result<std::vector<Death>> reap_children();

}  // namespace chatd::process
