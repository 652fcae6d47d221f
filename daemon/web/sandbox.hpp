// SPDX-License-Identifier: GPL-3.0-or-later
// sandbox.hpp — the system calls that are left to this process once it has started.
//
// Runs in:   web, once, when all is open.
// Why:       this process reads what browsers send. Hostile code in it opens no file and no socket,
//            starts no program, and reaches no other process, although these have the same user.
// Invariant: a call that is not on the list returns EPERM and does nothing. Only memory that was
//            mapped before can be shared with other processes. Nothing of an open file that other
//            processes have as well is changed, except that a socket that listens can be shut down.
#pragma once

#include "common/base/result.hpp"

namespace chatd::web {

// For the whole life of the process. Error: the kernel has no seccomp filters; then the process
// must not serve.
[[nodiscard]] Result<> enter_sandbox();

}  // namespace chatd::web
