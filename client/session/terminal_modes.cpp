// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/terminal_modes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <optional>
#include <utility>

namespace chatd::client {

namespace {

constexpr std::array kCrashes{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGQUIT};

// Used by the signal handler, which has no parameter for them.
std::optional<TerminalModes> modes_before;  // NOLINT(*-avoid-non-const-global-variables)
std::string_view crash_message;             // NOLINT(*-avoid-non-const-global-variables)

void write_all(int fd, std::string_view text) noexcept {
  // An error is ignored: there is no other place to report it.
  [[maybe_unused]] const ssize_t written = ::write(fd, text.data(), text.size());
}

void on_crash(int number) noexcept {
  if (modes_before) {
    modes_before->restore();
    write_all(STDERR_FILENO, crash_message);
  }
  // SA_RESETHAND has restored the default action, which ends the process.
  (void)::raise(number);
}

}  // namespace

Result<TerminalModes> TerminalModes::save(int fd) {
  // A duplicate: the standard input of the child can be another file.
  UniqueFd own{::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
  if (!own.is_open()) return fail(Error::from_errno("duplicate the terminal's descriptor"));
  termios modes{};
  if (::tcgetattr(fd, &modes) < 0) return fail(Error::from_errno("tcgetattr"));
  auto restored = process::SharedObject<Flag>::create(0, false);
  if (!restored) return fail(std::move(restored).error());
  return TerminalModes{State{.fd = std::move(own),
                             .modes = modes,
                             .group = ::getpgrp(),
                             .restored = std::move(*restored)}};
}

void TerminalModes::restore() const noexcept {
  write_all(state_->fd.get(), "\x1b[?2004l\x1b[?1004l\r\n");
  // Not TCSADRAIN: it would wait for ever on a terminal that is stopped by Ctrl-S.
  ::tcsetattr(state_->fd.get(), TCSANOW, &state_->modes);
  state_->restored->store(true);
}

bool TerminalModes::was_restored() const noexcept { return state_->restored->load(); }

bool TerminalModes::is_unclaimed() const noexcept {
  return ::tcgetpgrp(state_->fd.get()) == state_->group;
}

void restore_on_crash(const TerminalModes& modes, std::string_view words) {
  modes_before = modes;
  crash_message = words;
  // The handler has a separate stack: the crash may be a stack overflow.
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

void leave_the_terminals_group() {
  // Fails only if this process is a group leader already.
  (void)::setpgid(0, 0);
  for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE}) {
    (void)std::signal(number, SIG_IGN);
  }
}

}  // namespace chatd::client
