// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/supervisor/supervised.hpp"

namespace chatd::supervisor {
namespace {

using chatd::test::eventually;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class SupervisorReload : public Supervised {
 protected:
  SupervisorReload() {
    start_and_await_ready();
    for (std::size_t i = 0; i < Board::kRows; ++i) old_[i] = pid_of(i);
  }
  void expect_all_replaced() {
    for (std::size_t i = 0; i < Board::kRows; ++i) {
      EXPECT_TRUE(eventually([&] { return is_replaced(i, old_[i]); })) << "process " << i;
      EXPECT_EQ(restarts_of(i), 0U) << "it was asked to end";
    }
  }
  void stop() {
    signal(SIGTERM);
    EXPECT_EQ(end(), 0);
  }
  std::array<pid_t, Board::kRows> old_{};
};

TEST_F(SupervisorReload, ReplacesEveryProcessAndTheLastGroupAtTheEnd) {
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("reloaded; changed: limits.burst");
  expect_all_replaced();
  for (std::size_t i = 0; i < Board::kRows; ++i) EXPECT_EQ(board_.burst[i].load(), 77U);
  EXPECT_LT(place_of("worker 0: asked to end"), place_of("gateway: reloaded"));
  EXPECT_LT(place_of("worker 1: asked to end"), place_of("gateway: reloaded"));
  EXPECT_THAT(log(), Contains("gateway: reloaded changed limits.burst"));
  EXPECT_EQ(board_.times_ready.load(), 1U);
  stop();
}

TEST_F(SupervisorReload, TheGatewayAsksForItForAnAdministrator) {
  board_.configuration = Choice::other_burst;
  board_.ask = Ask::reload;
  await_log("reloaded; changed: limits.burst");
  expect_all_replaced();
  stop();
}

TEST_F(SupervisorReload, AChangeOfTheKeyIsAnsweredBeforeAllProcessesAreReplaced) {
  board_.ask = Ask::key;
  await_log("reloaded; changed: nothing");
  EXPECT_LT(place_of("key with burst"), place_of("gateway: key new"));
  EXPECT_LT(place_of("gateway: key new"), place_of("gateway: reloaded"));
  for (std::size_t i = 0; i < Board::kRows; ++i) {
    EXPECT_TRUE(eventually([&] { return is_replaced(i, old_[i]); }));
  }
  EXPECT_EQ(board_.times_ready.load(), 1U);
  stop();
}

TEST_F(SupervisorReload, WithoutAChangeItLogsNothingAsChanged) {
  signal(SIGHUP);
  await_log("reloaded; changed: nothing");
  stop();
}

TEST_F(SupervisorReload, ASettingThatNeedsARestartIsReportedAsSuch) {
  board_.configuration = Choice::other_sessions;
  signal(SIGHUP);
  await_log("reloaded; changed: limits.sessions (needs a restart)");
  EXPECT_THAT(log(), Contains("gateway: reloaded restart limits.sessions"));
  stop();
}

TEST_F(SupervisorReload, AWarningIsLoggedAndReportedAndASettingWithoutEffectIsNoChange) {
  board_.configuration = Choice::other_control;
  signal(SIGHUP);
  await_log("reloaded; changed: nothing");
  EXPECT_THAT(log(), Contains("chatd.toml: control.path: has no effect"));
  EXPECT_THAT(log(), Contains("gateway: reloaded warning chatd.toml: control.path: has no effect"));
  stop();
}

TEST_F(SupervisorReload, ABadConfigurationIsRefusedWithEveryProblemAndReplacesNoProcess) {
  board_.configuration = Choice::bad;
  signal(SIGHUP);
  await_log(
      "gateway: refused chatd.toml:1: limits.burts: unknown key chatd.toml:2: log.level: wrong");
  EXPECT_THAT(log(), Contains("reload refused, the old configuration stays: "
                              "chatd.toml:1: limits.burts: unknown key"));
  for (std::size_t i = 0; i < Board::kRows; ++i) EXPECT_EQ(pid_of(i), old_[i]);
  EXPECT_THAT(log(), Each(Not(HasSubstr("asked to end"))));
  stop();
}

TEST_F(SupervisorReload, AWorkerInACrashLoopDoesNotDelayIt) {
  board_.act[1] = Act::die;
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("reloaded; changed: limits.burst");
  EXPECT_TRUE(eventually([&] { return is_replaced(0, old_[0]) && is_replaced(2, old_[2]); }));
  EXPECT_GE(restarts_of(1), 1U);
  board_.act[1] = Act::serve;
  EXPECT_TRUE(eventually([&] { return is_replaced(1, old_[1]); }));
  EXPECT_EQ(board_.burst[1].load(), 77U);
  stop();
}

TEST_F(SupervisorReload, AWorkerThatDoesNotEndWhenAskedIsKilled) {
  board_.act[2] = Act::stay;
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("worker 1: asked to end");
  board_.act[2] = Act::serve;
  await_log("reloaded; changed: limits.burst");
  expect_all_replaced();
  stop();
}

TEST_F(SupervisorReload, AGatewayThatDiesDuringAReloadDoesNotPreventIt) {
  board_.act[1] = Act::stay;  // delays the reload until the gateway is dead
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("worker 0: asked to end");
  ASSERT_EQ(::kill(old_[0], SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(0, old_[0]); }));
  board_.act[1] = Act::serve;
  await_log("reloaded; changed: limits.burst");
  for (std::size_t i = 0; i < Board::kRows; ++i) {
    EXPECT_TRUE(eventually([&] { return is_replaced(i, old_[i]); })) << "process " << i;
    EXPECT_EQ(board_.burst[i].load(), 77U);
  }
  stop();
}

TEST_F(SupervisorReload, TwoRequestsEndWithTheConfigurationOfTheSecond) {
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  board_.ask = Ask::reload;
  await_log("reloaded; changed: ");
  for (std::size_t i = 0; i < Board::kRows; ++i) {
    EXPECT_TRUE(eventually([&] { return is_replaced(i, old_[i]) && board_.burst[i] == 77; }));
  }
  stop();
}

}  // namespace
}  // namespace chatd::supervisor
