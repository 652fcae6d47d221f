// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/supervisor/supervised.hpp"

namespace chatd::supervisor {
namespace {

using chatd::test::eventually;
using state::ProcessState;
using std::chrono::steady_clock;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class SupervisorStop : public Supervised {
 protected:
  void expect_order() {
    EXPECT_LT(place_of("gateway: quiesce"), place_of("worker 0: asked to end"));
    EXPECT_LT(place_of("gateway: quiesce"), place_of("worker 1: asked to end"));
    EXPECT_LT(place_of("worker 0: asked to end"), place_of("gateway: goodbye"));
    EXPECT_LT(place_of("worker 1: asked to end"), place_of("gateway: goodbye"));
  }
};

TEST_F(SupervisorStop, TheGatewayIsQuiescedThenWorkersEndThenItSendsGoodbye) {
  start_and_await_ready();
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  expect_order();
  EXPECT_THAT(log(), Contains("stopping: SIGTERM"));
  EXPECT_THAT(log(), Each(Not(HasSubstr("warning"))));
}

TEST_F(SupervisorStop, SigintStopsInTheSameOrder) {
  start_and_await_ready();
  signal(SIGINT);
  EXPECT_EQ(end(), 0);
  expect_order();
}

TEST_F(SupervisorStop, TheGatewayAsksForItForAnAdministrator) {
  start_and_await_ready();
  board_.ask = Ask::stop;
  EXPECT_EQ(end(), 0);
  expect_order();
  EXPECT_THAT(log(), Contains("stopping: chatctl stop"));
}

TEST_F(SupervisorStop, ASecondSignalKillsTheProcessesThatAreLeft) {
  board_.act[1] = Act::stay;
  start_and_await_ready();
  const auto begin = steady_clock::now();
  signal(SIGTERM);
  await_log("worker 0: asked to end");
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds{5});
  EXPECT_THAT(log(), Each(Not(HasSubstr("goodbye"))));
}

TEST_F(SupervisorStop, AStoppedWorkerIsKilledAndTheGoodbyeIsStillSent) {
  start_and_await_ready();
  ASSERT_EQ(::kill(pid_of(2), SIGSTOP), 0);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

TEST_F(SupervisorStop, AStoppedGatewayIsKilledAndNoProcessIsLeft) {
  start_and_await_ready();
  ASSERT_EQ(::kill(pid_of(0), SIGSTOP), 0);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(log(), Contains("worker 0: asked to end"));
}

// The members of the dead worker still have to get the last lines.
TEST_F(SupervisorStop, AWorkerThatWaitsForItsRespawnIsStartedToEndInOrder) {
  start_and_await_ready();
  board_.act[1] = Act::die;
  ASSERT_EQ(::kill(pid_of(1), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return restarts_of(1) >= 4; }));
  board_.act[1] = Act::serve;
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  expect_order();
}

TEST_F(SupervisorStop, AWorkerInACrashLoopDoesNotPreventTheEnd) {
  start_and_await_ready();
  board_.act[1] = Act::die;
  ASSERT_EQ(::kill(pid_of(1), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return restarts_of(1) >= 4; }));
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

TEST_F(SupervisorStop, DuringAReloadItWaitsForItsEndAndStopsInOrder) {
  board_.act[1] = Act::stay;
  start_and_await_ready();
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("worker 0: asked to end");
  signal(SIGTERM);
  await_log("stopping: SIGTERM");
  board_.act[1] = Act::serve;
  EXPECT_EQ(end(), 0);
  EXPECT_LT(place_of("reloaded; changed: limits.burst"), place_of("gateway: quiesce"));
  EXPECT_LT(place_of("gateway: quiesce"), place_of("gateway: goodbye"));
}

TEST_F(SupervisorStop, AStopBeforeItIsReadyIsAFailedStart) {
  board_.act[2] = Act::wait;
  start();
  EXPECT_TRUE(eventually([&] { return state_of(0) == ProcessState::ready; }));
  signal(SIGTERM);
  EXPECT_EQ(end(), 1);
  EXPECT_THAT(log().back(), "run: stopped by SIGTERM");
}

}  // namespace
}  // namespace chatd::supervisor
