// SPDX-License-Identifier: GPL-3.0-or-later
// lock_file.hpp — a file that one process at a time has locked (flock(2)).
//
// Runs in:   supervisor, at its start.
// Owns:      nothing; the lock belongs to the open file, so that a fork inherits it, and ends
//            with the last copy of the descriptor.
// Invariant: the mode is 0600, because whoever can open a file, for reading only or not, can
//            lock it, for as long as it likes. A link, or a file that has a second name, is
//            not opened: it may be somebody else's file.
// Errors:    name the file. code() is EWOULDBLOCK when another process has the lock.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

// Makes the file if it is not there; does not wait. `name` is below the directory `folder`, or
// a whole path with AT_FDCWD; `shown` is what an error calls it. The descriptor reads and
// writes. When it is returned, the name leads to the file that was locked.
[[nodiscard]] Result<UniqueFd> lock_file(int folder, const std::string& name,
                                         const std::string& shown);

// Does the name, not followed if it is a link, lead to this open file?
[[nodiscard]] bool leads_to(int folder, const std::string& name, int fd) noexcept;

}  // namespace chatd::io
