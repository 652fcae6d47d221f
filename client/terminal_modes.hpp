// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_modes.hpp — how the terminal was before readline came, and back to it.
//
// Runs in:   both processes of uchat: made in the one, handed to the other across the fork.
// Owns:      a descriptor of the terminal, shared by all copies in one process.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <atomic>
#include <memory>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/shared_memory.hpp"

namespace chatd::client {

class TerminalModes {
 public:
  [[nodiscard]] static Result<TerminalModes> save(int fd);

  // Also ends bracketed paste, and goes to a new line. Safe in a signal handler.
  void restore() const noexcept;
  // Some process with this object has done so.
  [[nodiscard]] bool was_restored() const noexcept;
  // Nobody has taken the terminal over since save(): no shell with job control, which puts
  // the modes right by itself, and would be disturbed if somebody else did it later.
  [[nodiscard]] bool is_unclaimed() const noexcept;

 private:
  using Flag = std::atomic<bool>;
  static_assert(Flag::is_always_lock_free);
  struct State {
    UniqueFd fd;
    termios modes;
    pid_t group;
    process::SharedObject<Flag> restored;
  };
  explicit TerminalModes(State state) : state_{std::make_shared<const State>(std::move(state))} {}

  std::shared_ptr<const State> state_;
};

// From now on this process restores the modes before it dies of SIGSEGV and its like, and
// says `words` (which must live as long as the process).
void restore_on_crash(const TerminalModes& modes, std::string_view words);

}  // namespace chatd::client
