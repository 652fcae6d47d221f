// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/child.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "common/process/exit_status.hpp"
#include "common/process/wait.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class ChildTest : public test::LeakCheck {};

ExitStatus status_of(const ChildSetup& setup, const std::function<int()>& target) {
  auto pid = fork_child();
  if (!pid) return {};
  if (*pid == 0) run_child(setup, target);
  return wait_for_child(*pid).value().status;
}

TEST_F(ChildTest, ReturnsTheTargetsStatus) {
  EXPECT_EQ(status_of({}, [] { return 12; }).code, 12);
  EXPECT_EQ(status_of({}, [] { return -1; }).code, 255);
  EXPECT_EQ(status_of({}, []() -> int { throw 1; }).code, kUncaughtExceptionCode);
}

TEST_F(ChildTest, DiesAtOnceIfItsParentIsDeadAlready) {
  // init is not the parent of a test: as if the parent had died before prctl(2).
  const ChildSetup setup{.name = "late", .die_with = 1, .keep_fds = std::nullopt};
  EXPECT_EQ(status_of(setup, [] { return 0; }).signal, SIGKILL);
}

TEST_F(ChildTest, DiesWithItsParentIfAskedTo) {
  const ChildSetup setup{.name = "daemon", .die_with = ::getpid(), .keep_fds = std::nullopt};
  const auto status = status_of(setup, [] {
    int signal = 0;
    ::prctl(PR_GET_PDEATHSIG, &signal);
    return signal;
  });
  EXPECT_EQ(status.code, SIGKILL);
}

TEST_F(ChildTest, KeepsNoDescriptorThatIsNotNamed) {
  const ChildSetup setup{.name = "bare", .die_with = std::nullopt, .keep_fds = std::vector<int>{}};
  EXPECT_EQ(status_of(setup, [] { return static_cast<int>(test::open_descriptors()); }).code, 4)
      << "0, 1, 2 and the one that counts";
}

TEST_F(ChildTest, WorksWithStandardInputClosed) {
  const int saved = ::dup(STDIN_FILENO);
  ::close(STDIN_FILENO);
  const auto status = status_of({}, [] {
    char byte = 0;
    return ::read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 1;
  });
  if (saved >= 0) {
    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
  }
  EXPECT_EQ(status.code, 0);
}

}  // namespace
}  // namespace chatd::process
