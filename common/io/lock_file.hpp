// SPDX-License-Identifier: GPL-3.0-or-later
// lock_file.hpp — a file that one process at a time has locked (flock(2)).
//
// Runs in:   supervisor, at its start.
// Owns:      nothing; the lock belongs to the open file, so a forked child inherits it. The lock
//            ends with the last copy of the descriptor.
// Invariant: the mode is 0600, because a process that can open a file, even for reading only,
//            can lock it for any time. A link, or a file that has a second name, is not opened:
//            it may be another user's file.
// Errors:    name the file. code() is EWOULDBLOCK when another process has the lock.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// Creates the file if it does not exist, and locks it; does not wait. `name` is relative to the
// directory `folder`, or a whole path with AT_FDCWD; `shown` is the file's name in errors. The
// descriptor is open for reading and writing. When it is returned, the name leads to the locked
// file.
[[nodiscard]] Result<UniqueFd> lock_file(int folder, const std::string& name,
                                         const std::string& shown);

// Does the name, not followed if it is a link, lead to this open file?
[[nodiscard]] bool leads_to(int folder, const std::string& name, int fd) noexcept;

}  // namespace chatd::io
