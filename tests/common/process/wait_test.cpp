// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/wait.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

class WaitTest : public test::LeakCheck {};

pid_t fork_and_exit(int code) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(code);
  return pid;
}

pid_t fork_and_pause() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (;;) ::pause();
  }
  return pid;
}

TEST_F(WaitTest, WaitsForAnyChild) {
  const pid_t pid = fork_and_exit(4);
  auto death = wait_for_any_child();
  ASSERT_TRUE(death.has_value());
  EXPECT_EQ(death->pid, pid);
  EXPECT_EQ(death->status.code, 4);
}

TEST_F(WaitTest, WaitsForOneChildAndLeavesTheOther) {
  const pid_t first = fork_and_exit(1);
  const pid_t second = fork_and_exit(2);
  auto death = wait_for_child(second);
  ASSERT_TRUE(death.has_value());
  EXPECT_EQ(death->status.code, 2);
  death = wait_for_child(first);
  ASSERT_TRUE(death.has_value());
  EXPECT_EQ(death->status.code, 1);
}

TEST_F(WaitTest, PollingDoesNotBlock) {
  const pid_t pid = fork_and_pause();
  auto death = poll_child(pid);
  ASSERT_TRUE(death.has_value());
  EXPECT_FALSE(death->has_value());
  death = poll_any_child();
  ASSERT_TRUE(death.has_value());
  EXPECT_FALSE(death->has_value());
  ::kill(pid, SIGKILL);
  auto killed = wait_for_child(pid);
  ASSERT_TRUE(killed.has_value());
  EXPECT_EQ(killed->status.signal, SIGKILL);
}

TEST_F(WaitTest, PollingFindsADeadChild) {
  const pid_t pid = fork_and_exit(6);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  auto death = poll_child(pid);
  ASSERT_TRUE(death.has_value());
  ASSERT_TRUE(death->has_value());
  EXPECT_EQ((*death)->status.code, 6);
}

TEST_F(WaitTest, NoChildIsAnError) {
  EXPECT_EQ(wait_for_any_child().error().code(), ECHILD);
  EXPECT_EQ(wait_for_child(1).error().code(), ECHILD);
  EXPECT_EQ(poll_any_child().error().code(), ECHILD);
}

}  // namespace
}  // namespace chatd::process
