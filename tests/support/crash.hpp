// SPDX-License-Identifier: GPL-3.0-or-later
// crash.hpp — runs a function in a child process and kills it at its n-th crash point.
//
// Runs in:   fault tests, in builds with CHATD_CRASH_POINTS.
// See:       daemon/log/crash_point.hpp
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include <gtest/gtest.h>

#include "daemon/log/crash_point.hpp"

namespace chatd::test {

// Runs `work` in a child process that is killed at its crash point number `crash_point`. True: it
// was killed there. False: it had fewer crash points and ended with status 0. Any other end fails
// the test.
[[nodiscard]] inline bool is_killed_at(int crash_point, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    logs::crash_countdown = crash_point;
    work();
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) {
    EXPECT_EQ(WTERMSIG(status), SIGKILL);
    return true;
  }
  EXPECT_EQ(status, 0);
  return false;
}

}  // namespace chatd::test
