// SPDX-License-Identifier: GPL-3.0-or-later
// crash.hpp — runs a function in a child process and kills it at its n-th crash point; at which
// ones its successor is killed.
//
// Runs in:   fault tests, in builds with CHATD_CRASH_POINTS.
// See:       daemon/log/crash_point.hpp
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "daemon/log/crash_point.hpp"
#include "tests/support/sample.hpp"

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

// A process that is killed.
struct OneProcess {
  std::function<void()> begin;  // before it
  std::function<void()> work;   // of it
  std::function<void()> check;  // behind it, as its successor
};

// Kills the process at each crash point of its work. The last round kills nothing. Returns the
// number of rounds.
inline int at_each_death(const OneProcess& one) {
  bool was_killed = true;
  int step = 0;
  while (was_killed) {
    ++step;
    SCOPED_TRACE("crash point " + std::to_string(step));
    one.begin();
    was_killed = is_killed_at(step, one.work);
    one.check();
  }
  return step;
}

// The crash points at which the successor of a killed process is killed, too, after each crash
// point of the first one: one of 16, drawn as in sample.hpp, or all of them in a whole run. The
// first process is killed at each crash point in every run.
class SecondDeaths {
 public:
  explicit SecondDeaths(bool is_sample = !is_whole_run()) : is_sample_{is_sample} {}

  // The one to try after `crash_point`; 0 stands before the first.
  int after(int crash_point) {
    constexpr std::uint64_t kWidest{31};  // 1 to 31: 16 on average
    return crash_point + (is_sample_ ? 1 + static_cast<int>(random_() % kWidest) : 1);
  }

 private:
  bool is_sample_;
  std::mt19937_64 random_{
      sample_random(::testing::UnitTest::GetInstance()->current_test_info()->name())};
};

// A process and its successor, which are killed.
struct TwoProcesses {
  std::function<void()> begin;     // before the first one
  std::function<void()> work;      // of the first one
  std::function<void()> adoption;  // of the successor
  std::function<void()> check;     // behind both: finishes the adoption, and asserts
};

// Kills the first one at each crash point of its work, and for each of them the successor not at
// all, and at each crash point of `second_deaths`. The last round kills nothing. Returns the number
// of rounds of the first one.
inline int at_each_death(const TwoProcesses& both, SecondDeaths& second_deaths) {
  bool was_killed = true;
  int step = 0;
  while (was_killed) {
    ++step;
    bool was_killed_again = true;
    for (int second = 0; was_killed_again; second = second_deaths.after(second)) {
      SCOPED_TRACE("crash points " + std::to_string(step) + ", " + std::to_string(second));
      both.begin();
      was_killed = is_killed_at(step, both.work);
      was_killed_again = second == 0 || is_killed_at(second, both.adoption);
      both.check();
    }
  }
  return step;
}

}  // namespace chatd::test
