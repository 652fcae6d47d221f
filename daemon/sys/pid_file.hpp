// SPDX-License-Identifier: GPL-3.0-or-later
// pid_file.hpp — one daemon per pid file.
//
// Runs in:   the process that the user started takes the lock, while errors still reach
//            its terminal; the daemon, which inherits the lock across fork, writes its pid.
// Owns:      the lock (flock(2): it belongs to the open file, not to a process, and ends
//            with the last copy of the descriptor) and, after write_own_pid(), the file.
// Invariant: the lock says whether a daemon runs; the number in the file is for people. Its
//            mode is 0600: another user that opens it could lock it, and no daemon would start.
// Children:  must not keep fd(). O_CLOEXEC does not close it in a plain fork, so leave it
//            out of ProcessOptions::keep_fds; a worker that outlives a killed supervisor
//            would otherwise keep the next daemon from starting.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::sys {

class [[nodiscard]] PidFile {
 public:
  // Refuses when another process has the lock, and names its pid.
  static Result<PidFile> lock(const std::string& path);
  // The lock of a predecessor in this very process, whose pid is in the file.
  static PidFile adopt(const std::string& path, UniqueFd fd) { return {path, std::move(fd)}; }

  PidFile(PidFile&& other) noexcept
      : path_{std::move(other.path_)},
        fd_{std::move(other.fd_)},
        owner_{std::exchange(other.owner_, 0)} {}
  PidFile& operator=(PidFile&& other) noexcept;
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;
  // Removes the file if this process owns it and the path still leads to it.
  ~PidFile() { remove(); }

  // Called by the final process, which from now on removes the file instead of the one that locked
  // it.
  Result<> write_own_pid();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  PidFile(std::string path, UniqueFd fd) noexcept;
  void remove() noexcept;

  std::string path_;  // absolute: a daemon changes to "/"
  UniqueFd fd_;
  pid_t owner_;
};

}  // namespace chatd::sys
