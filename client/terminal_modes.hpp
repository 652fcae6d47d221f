// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_modes.hpp — how the terminal was before readline came, and back to it.
//
// Runs in:   both processes of chat.
// Borrows:   the terminal's descriptor.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <string_view>

#include "common/base/result.hpp"

namespace chatd::client {

class TerminalModes {
 public:
  [[nodiscard]] static Result<TerminalModes> save(int fd);

  // Also ends bracketed paste, and goes to a new line. Safe in a signal handler.
  void restore() const noexcept;
  // Nobody has taken the terminal over since save(): no shell with job control, which puts
  // the modes right by itself, and would be disturbed if somebody else did it later.
  [[nodiscard]] bool is_unclaimed() const noexcept;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  TerminalModes(int fd, const termios& modes, pid_t group) noexcept
      : fd_{fd}, modes_{modes}, group_{group} {}
  int fd_;
  termios modes_;
  pid_t group_;
};

// From now on this process restores the modes before it dies of SIGSEGV and its like, and
// says `words` (which must live as long as the process).
void restore_on_crash(const TerminalModes& modes, std::string_view words);

}  // namespace chatd::client
