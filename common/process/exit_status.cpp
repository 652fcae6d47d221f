// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/exit_status.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include <fmt/format.h>

namespace chatd::process {

ExitStatus ExitStatus::from_wait_status(int wait_status) noexcept {
  if (WIFEXITED(wait_status)) return {.code = WEXITSTATUS(wait_status), .signal = 0};
  if (WIFSIGNALED(wait_status)) return {.code = -1, .signal = WTERMSIG(wait_status)};
  return {};
}

std::string to_text(ExitStatus status) {
  if (status.signal > 0) {
    // Null for real-time signals.
    const char* name = ::sigabbrev_np(status.signal);
    if (name == nullptr) return fmt::format("killed by signal {}", status.signal);
    return fmt::format("killed by SIG{}", name);
  }
  if (status.code >= 0) return fmt::format("exited with status {}", status.code);
  return "ended with an unknown status";
}

}  // namespace chatd::process
