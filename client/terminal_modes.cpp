// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal_modes.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <optional>

namespace chatd::client {

namespace {

constexpr std::array kCrashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGQUIT};

// For the handler, which has no argument of its own.
std::optional<TerminalModes> modes_before;  // NOLINT(*-avoid-non-const-global-variables)
std::string_view last_words;                // NOLINT(*-avoid-non-const-global-variables)

void write_all(int fd, std::string_view text) noexcept {
  // Nobody is left to tell if it fails.
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
}

void on_crash(int number) noexcept {
  if (modes_before) {
    modes_before->restore();
    write_all(STDERR_FILENO, last_words);
  }
  // SA_RESETHAND has put the default back: this is how it ends.
  ::raise(number);
}

}  // namespace

Result<TerminalModes> TerminalModes::save(int fd) {
  termios modes{};
  if (::tcgetattr(fd, &modes) < 0) return fail(Error::from_errno("tcgetattr"));
  return TerminalModes{fd, modes, ::getpgrp()};
}

void TerminalModes::restore() const noexcept {
  write_all(fd_, "\x1b[?2004l\r\n");
  // Not TCSADRAIN: a terminal stopped by Ctrl-S would keep a crashed process for ever.
  ::tcsetattr(fd_, TCSANOW, &modes_);
}

bool TerminalModes::is_unclaimed() const noexcept { return ::tcgetpgrp(fd_) == group_; }

void restore_on_crash(const TerminalModes& modes, std::string_view words) {
  modes_before = modes;
  last_words = words;
  // A stack of its own: the crash may be that there is no more of the other.
  static std::array<std::byte, 65'536> stack;
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_handler = &on_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  for (const int number : kCrashes) ::sigaction(number, &action, nullptr);
}

}  // namespace chatd::client
