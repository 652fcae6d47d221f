// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_modes.hpp — saves the terminal's modes before readline changes them, and restores them.
//
// Runs in:   both processes of uchat: the terminal process makes it, the session process inherits
//            it by fork(2).
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

// The modes of a terminal at the time of save().
class TerminalModes {
 public:
  // `fd` is a descriptor of the terminal. Error: it is not a terminal.
  [[nodiscard]] static Result<TerminalModes> save(int fd);

  // Restores the modes, disables bracketed paste and reports of the focus, and begins a new line.
  // Async-signal-safe.
  void restore() const noexcept;
  // True if restore() was called, in this process or in the other one.
  [[nodiscard]] bool was_restored() const noexcept;
  // True if the terminal's foreground process group is the same as at save(). If not, a shell with
  // job control has taken the terminal over: it restores the modes itself, and a later restore()
  // would disturb it.
  [[nodiscard]] bool is_unclaimed() const noexcept;

 private:
  using Flag = std::atomic<bool>;
  static_assert(Flag::is_always_lock_free);
  struct State {
    UniqueFd fd;
    termios modes;
    pid_t group;  // the process group that called save()
    process::SharedObject<Flag> restored;
  };
  explicit TerminalModes(State state) : state_{std::make_shared<const State>(std::move(state))} {}

  std::shared_ptr<const State> state_;
};

// Installs signal handlers: before the process ends by SIGSEGV or another crash signal, it restores
// the modes and writes `words` to standard error. `words` must live as long as the process.
void restore_on_crash(const TerminalModes& modes, std::string_view words);

// The calling process gets none of the terminal's signals from now on.
void leave_the_terminals_group();

}  // namespace chatd::client
