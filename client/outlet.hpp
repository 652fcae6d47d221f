// SPDX-License-Identifier: GPL-3.0-or-later
// outlet.hpp — bytes for a descriptor whose reader may be slow or gone: what does not go at
// once is kept.
//
// Runs in:   uchat's terminal process.
// Borrows:   the descriptor, and leaves its modes alone: O_NONBLOCK would be set for
//            everybody who shares the file, the user's shell among them.
// Invariant: never waits. It keeps all that it is given: its user stops giving while
//            is_empty() is false.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::client {

class Outlet {
 public:
  // `name` is what errors call it.
  Outlet(int fd, std::string name);

  void put(std::string_view text) { waiting_ += text; }
  // Writes what goes without waiting. After an error nothing is left: it will not go later.
  Result<> flush();

  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] int fd() const noexcept { return fd_; }  // writable: flush()

 private:
  int fd_;
  std::string name_;
  std::size_t piece_;
  std::string waiting_;
};

// One line on standard error, "uchat: WHY". If that cannot be written, nobody is left to tell.
void complain(std::string_view why);

}  // namespace chatd::client
