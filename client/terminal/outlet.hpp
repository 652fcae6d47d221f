// SPDX-License-Identifier: GPL-3.0-or-later
// outlet.hpp — output to a descriptor whose reader may be slow or gone: bytes that cannot be
// written at once are kept.
//
// Runs in:   uchat's terminal process.
// Borrows:   the descriptor, and does not change its flags: O_NONBLOCK would be set for every
//            process that shares the open file, also for the user's shell.
// Invariant: never blocks. The buffer has no limit: the caller must not put() more while
//            is_empty() is false.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::client {

class Outlet {
 public:
  // Error messages begin with `name`.
  Outlet(int fd, std::string name);

  void put(std::string_view text) { waiting_ += text; }
  // Writes as much as possible without blocking. After an error the buffer is empty: the bytes are
  // lost.
  Result<> flush();

  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] int fd() const noexcept { return fd_; }  // when it is writable, call flush()

 private:
  int fd_;
  std::string name_;
  std::size_t piece_;    // maximum size of a write(2), in bytes
  std::string waiting_;  // not written yet
};

// Writes one line to standard error: "uchat: WHY". An error of the write is ignored.
void complain(std::string_view why);

}  // namespace chatd::client
