// SPDX-License-Identifier: GPL-3.0-or-later
// user_file.hpp — files that several uchats of the user change at the same time.
//
// Runs in:   both processes of uchat.
// Invariant: who changes such a file has locked it, and a crash leaves the old text or the new one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::client {

// Opens the file and locks it until the result is closed. With O_CREAT, a new file has the mode
// 0600.
[[nodiscard]] Result<UniqueFd> open_locked(const std::string& path, int flags);

// Opens a plain file of this user, which no other user can read from then on. A link, and a file of
// another user, are errors with EPERM or ELOOP.
enum class FileLock : std::uint8_t { none, held };
[[nodiscard]] Result<UniqueFd> open_private(const std::string& path, int flags, FileLock lock);

// Appends complete lines to a file that is open for reading and appending; a last line without its
// end gets one. If not all of them can be written, the file is as before.
[[nodiscard]] Result<> append_lines(int fd, std::string_view lines, const std::string& path);

// Puts a file with `text` in the place of `path`. The caller has locked `path`, so nobody else
// writes the new file.
[[nodiscard]] Result<> replace_file(const std::string& path, std::string_view text, mode_t mode);

}  // namespace chatd::client
