// SPDX-License-Identifier: GPL-3.0-or-later
// unique_fd.hpp — sole owner of one file descriptor.
//
// Runs in:   every process.
// Owns:      the descriptor; closed exactly once, when the owner is destroyed or resets.
// Invariant: get() is -1 or an open descriptor that no other code closes.
//
// Borrowing: pass a plain `int` to code that uses a descriptor without owning
// it; pass a UniqueFd by value to code that takes it over.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace chatd {

class [[nodiscard]] UniqueFd {
 public:
  UniqueFd() noexcept = default;
  explicit UniqueFd(int fd) noexcept : fd_{fd} {}
  UniqueFd(UniqueFd&& other) noexcept : fd_{other.release()} {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());  // release() first: safe even when &other == this
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

  // Hands the descriptor to the caller, who must now close it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  // Closes the current descriptor, if any, and takes over `fd`.
  void reset(int fd = -1) noexcept {
    const int old = std::exchange(fd_, fd);
    if (old < 0) return;
    // Not retried on EINTR: Linux has already freed the number, and a second close could close a
    // descriptor that another part of the program just opened.
    const int saved_errno = errno;
    ::close(old);
    errno = saved_errno;  // callers reset() on error paths, then report errno
  }

 private:
  int fd_{-1};
};

}  // namespace chatd
