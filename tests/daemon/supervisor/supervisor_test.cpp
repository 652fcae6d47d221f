// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/supervisor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/supervisor/supervised.hpp"

namespace chatd::supervisor {
namespace {

using chatd::test::eventually;
using state::ProcessState;
using ::testing::Contains;
using ::testing::HasSubstr;

using SupervisorTest = Supervised;

TEST_F(SupervisorTest, IsReadyOnlyWhenEveryProcessIsReady) {
  board_.act[2] = Act::wait;
  start();
  EXPECT_TRUE(eventually(
      [&] { return state_of(0) == ProcessState::ready && state_of(1) == ProcessState::ready; }));
  EXPECT_EQ(state_of(2), ProcessState::starting);
  EXPECT_EQ(board_.times_ready.load(), 0U);
  board_.act[2] = Act::serve;
  EXPECT_TRUE(eventually([&] { return board_.times_ready.load() == 1; }));
  EXPECT_EQ(state_of(2), ProcessState::ready);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, AReloadThatIsAskedForDuringTheStartFollowsIt) {
  board_.act[2] = Act::wait;
  start();
  EXPECT_TRUE(eventually([&] { return state_of(0) == ProcessState::ready; }));
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  // The signal arrives before the child's message, or the configuration is read after it.
  board_.act[2] = Act::serve;
  await_log("reloaded; changed: limits.burst");
  EXPECT_EQ(board_.times_ready.load(), 1U);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, AFailedStartReportsTheReasonOfTheChild) {
  board_.act[1] = Act::fail;
  start();
  EXPECT_EQ(end(), 1);
  EXPECT_THAT(log(), Contains("run: worker 0: no luck today"));
  EXPECT_EQ(board_.times_ready.load(), 0U);
}

TEST_F(SupervisorTest, AFailedStartWithoutAReasonReportsHowTheChildDied) {
  board_.act[0] = Act::die;
  start();
  EXPECT_EQ(end(), 1);
  EXPECT_THAT(log().back(), HasSubstr("run: gateway (pid "));
  EXPECT_THAT(log().back(), HasSubstr("exited with status 3"));
}

TEST_F(SupervisorTest, ADeadProcessIsReplacedAndCountedAndTheOthersStay) {
  start_and_await_ready();
  const pid_t gateway = pid_of(0);
  const pid_t workers[] = {pid_of(1), pid_of(2)};
  ASSERT_EQ(::kill(workers[0], SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(1, workers[0]); }));
  EXPECT_EQ(restarts_of(1), 1U);
  EXPECT_EQ(restarts_of(2), 0U);
  EXPECT_EQ(pid_of(2), workers[1]);
  EXPECT_EQ(pid_of(0), gateway);
  await_log("worker 0 (pid " + std::to_string(workers[0]) + ") killed by SIGKILL after ");
  ASSERT_EQ(::kill(gateway, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(0, gateway); }));
  EXPECT_EQ(restarts_of(0), 1U);
  EXPECT_EQ(board_.times_ready.load(), 1U) << "the service was ready all the time";
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, AllProcessesAreReplacedWhenAllDieAtOnce) {
  start_and_await_ready();
  for (int round = 0; round < 3; ++round) {
    const pid_t old[] = {pid_of(0), pid_of(1), pid_of(2)};
    for (const pid_t pid : old) ASSERT_EQ(::kill(pid, SIGKILL), 0);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(eventually([&] { return is_replaced(i, old[i]); })) << "process " << i;
    }
    expect_no_zombie();
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(restarts_of(i), 3U);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, ACrashLoopSlowsDownAndEndsWithItsCause) {
  start_and_await_ready();
  const pid_t old = pid_of(1);
  board_.act[1] = Act::die;
  ASSERT_EQ(::kill(old, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return restarts_of(1) >= 4; }));
  EXPECT_NE(state_of(1), ProcessState::ready);
  EXPECT_EQ(state_of(0), ProcessState::ready);
  EXPECT_EQ(state_of(2), ProcessState::ready);
  board_.act[1] = Act::serve;
  EXPECT_TRUE(eventually([&] { return is_replaced(1, old); }));
  EXPECT_LE(restarts_of(1), 6U);
  expect_no_zombie();
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, AChildWithoutAHeartbeatIsKilledAndReplaced) {
  start_and_await_ready();
  const pid_t old = pid_of(2);
  ASSERT_EQ(::kill(old, SIGSTOP), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(2, old); }));
  EXPECT_EQ(restarts_of(2), 1U);
  await_log("worker 1 (pid " + std::to_string(old) + ") gives no sign of life; killing it");
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorTest, AChildThatHangsFromItsStartIsReplaced) {
  start_and_await_ready();
  board_.act[2] = Act::hang;
  const pid_t old = pid_of(2);
  ASSERT_EQ(::kill(old, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return restarts_of(2) >= 2; }));
  board_.act[2] = Act::serve;
  EXPECT_TRUE(
      eventually([&] { return state_of(2) == ProcessState::ready && restarts_of(2) >= 2; }));
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

// The supervisor is at its limit of descriptors, so that it can make no channel for a new process.
TEST_F(SupervisorTest, ASpawnThatFailsIsRepeatedUntilItSucceeds) {
  start_and_await_ready();
  const pid_t old = pid_of(2);
  limit_descriptors(3);  // poll() needs a few
  ASSERT_EQ(::kill(old, SIGKILL), 0);
  await_log("channel of worker 1: ");
  EXPECT_EQ(state_of(2), ProcessState::waiting);
  limit_descriptors(RLIM_INFINITY);
  EXPECT_TRUE(eventually([&] { return is_replaced(2, old); }));
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

}  // namespace
}  // namespace chatd::supervisor
