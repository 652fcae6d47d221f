// SPDX-License-Identifier: GPL-3.0-or-later
// fatal_signal.hpp — runs a function in a child, which may die of it.
//
// Runs in:   test programs.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

namespace chatd::test {

// The signal that ends a child in this function.
[[nodiscard]] inline int fatal_signal(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::signal(SIGSEGV, SIG_DFL);  // also under a sanitizer
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace chatd::test
