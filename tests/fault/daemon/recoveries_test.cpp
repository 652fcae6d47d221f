// SPDX-License-Identifier: GPL-3.0-or-later
// How the tests of this folder measure, by the log of the daemon, that a killed process is
// replaced.
#include "tests/support/recoveries.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include "common/base/time.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;

class RecoveriesTest : public ::testing::Test {
 protected:
  // A real process, which the test kills as worker 0. Returns its name in the log.
  std::string kill_a_worker() {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::pause();
      ::_exit(0);
    }
    recoveries_.kill({.pid = pid, .role = "worker 0"});
    EXPECT_EQ(::waitpid(pid, nullptr, 0), pid);
    return "worker 0 (pid " + std::to_string(pid) + ")";
  }

  void log(milliseconds from_now, const std::string& message) {
    log_ += to_rfc3339(wall_now() + from_now) + " warning " + message + "\n";
  }

  Recoveries recoveries_;
  std::string log_;
};

TEST_F(RecoveriesTest, ASuccessorThatIsKilledBeforeItIsReadyIsMeasuredAsAKillOfItsOwn) {
  const std::string first = kill_a_worker();
  log(milliseconds{0}, first + " was killed by SIGKILL after 5000 ms");
  const std::string second = kill_a_worker();
  log(milliseconds{0}, second + " was killed by SIGKILL after 300 ms");
  log(milliseconds{2500}, "worker 0 (pid 1) is ready");
  const auto recoveries = recoveries_.read(log_);
  ASSERT_EQ(recoveries.size(), 1U);
  EXPECT_EQ(recoveries[0].back_off, milliseconds{100}) << "of the second death after a short life";
  EXPECT_GE(recoveries[0].took, milliseconds{2500});
}

TEST_F(RecoveriesTest, TheLifeThatTheSupervisorTellsDecidesTheDelay) {
  const std::string first = kill_a_worker();
  log(milliseconds{0}, first + " was killed by SIGKILL after 300 ms");
  log(milliseconds{0}, "worker 0 (pid 1) is ready");
  const std::string second = kill_a_worker();
  log(milliseconds{0}, second + " was killed by SIGKILL after 1000 ms");
  log(milliseconds{0}, "worker 0 (pid 1) is ready");
  const auto recoveries = recoveries_.read(log_);
  ASSERT_EQ(recoveries.size(), 2U);
  EXPECT_EQ(recoveries[1].back_off, milliseconds{0}) << "it had lived a second";
}

TEST_F(RecoveriesTest, AKillWithoutASuccessorFailsTheTest) {
  const std::string only = kill_a_worker();
  log(milliseconds{0}, only + " was killed by SIGKILL after 300 ms");
  EXPECT_NONFATAL_FAILURE((void)recoveries_.read(log_), "nobody followed " + only);
}

}  // namespace
}  // namespace chatd::test
