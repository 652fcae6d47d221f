// SPDX-License-Identifier: GPL-3.0-or-later
// kill_steps.hpp — kills a process after a chosen number of machine instructions.
//
// Runs in:   fault tests. The child is single-stepped by ptrace(2), so a kill can be tried at
//            each instruction, not at random moments.
#pragma once

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>

#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {

// The instruction after `step` at which the next child is killed: in a whole run every 7th (7
// shares no factor with the loops of any operation), otherwise one of 100, drawn.
// CHATD_KILL_STRIDE=1 tries each one, which takes long.
inline long next_step(long step, std::mt19937_64& random) {
  if (const char* wanted = std::getenv("CHATD_KILL_STRIDE"); wanted != nullptr) {
    return step + std::max(std::atol(wanted), 1L);
  }
  // Instrumented code is many times as long, and every run steps through all instructions before
  // its kill.
  if (kSanitized) return step + std::max(197L, step / (is_whole_run() ? 10 : 4));
  return step + (is_whole_run() ? 7 : 1 + static_cast<long>(random() % 199));
}

inline int wait_for_stop(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error{"waitpid"};
  }
  return status;
}

// Runs `operation` in a child and kills it after `steps` instructions of it. True if the operation
// had ended before that.
inline bool kill_after(long steps, const std::function<void()>& operation) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    operation();
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  bool at_end = false;
  int status = wait_for_stop(pid);
  for (long step = 0; step < steps && WIFSTOPPED(status); ++step) {
    ::ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr);
    status = wait_for_stop(pid);
    if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP) {
      at_end = true;
      break;
    }
  }
  ::kill(pid, SIGKILL);
  if (WIFSTOPPED(status)) wait_for_stop(pid);
  return at_end;
}

// Kills `operation` after more and more instructions until it ends before the kill, and calls
// `check` after each death. The operation first runs once in the parent, so that no step is spent
// in the dynamic linker.
inline void kill_at_every_step(const std::function<void()>& operation,
                               const std::function<void(long step)>& check) {
  auto random = sample_random("kill_at_every_step");
  for (long step = 0;; step = next_step(step, random)) {
    const bool at_end = kill_after(step, operation);
    check(step);
    if (at_end) return;
  }
}

}  // namespace chatd::test
