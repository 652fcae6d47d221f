// SPDX-License-Identifier: GPL-3.0-or-later
// exit_status.hpp — how a process ended.
//
// Runs in:   every process.
// Invariant: exactly one of: code >= 0 (it exited), signal > 0 (a signal killed it), or
//            neither (it has ended, but other code collected its status).
#pragma once

#include <string>

namespace chatd::process {

// The exit code or the fatal signal of a process; -1 and 0 if there is none.
struct ExitStatus {
  int code{-1};
  int signal{0};

  // From wait(2)'s status of a process that has ended.
  [[nodiscard]] static ExitStatus from_wait_status(int wait_status) noexcept;
  [[nodiscard]] bool succeeded() const noexcept { return code == 0 && signal == 0; }
  [[nodiscard]] bool is_known() const noexcept { return code >= 0 || signal > 0; }
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

// The exit status of a child of this toolkit whose target throws (EX_SOFTWARE of sysexits(3)).
inline constexpr int kUncaughtExceptionCode = 70;

// "exited with status 3", "killed by SIGKILL", "ended with an unknown status".
[[nodiscard]] std::string to_text(ExitStatus status);

}  // namespace chatd::process
