// SPDX-License-Identifier: GPL-3.0-or-later
// copy_file.hpp — copies one file by several processes; each copies a part.
//
// Runs in:   the calling process, which waits; each part in a child.
// Invariant: the target appears under its name when it is complete, or stays as it was: the
//            parts go into a new file beside it, which is renamed at the end and removed
//            on any error.
// Errors:    words for a person: which path, which part, why. Holes of the source stay
//            holes in the target.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace chatd::examples {

struct CopyOptions {
  std::string source;
  std::string target;
  unsigned processes{2};
  // Called about ten times a second, and at the end. Holes count as copied.
  std::function<void(std::uint64_t done, std::uint64_t size)> on_progress{};
  // Called when all parts are being copied; for tests.
  std::function<void(const std::vector<pid_t>& parts)> on_started{};
  // pwrite(2) if null; a test can simulate a full disk.
  ssize_t (*write_at)(int fd, const void* bytes, size_t size, off_t where){nullptr};
};

// Copies the file. Returns the number of bytes copied.
[[nodiscard]] Result<std::uint64_t> copy_file(const CopyOptions& options);

}  // namespace chatd::examples
