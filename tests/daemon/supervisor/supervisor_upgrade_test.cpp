// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/supervisor/supervised.hpp"

namespace chatd::supervisor {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

using SupervisorUpgrade = Supervised;

constexpr int kUpgraded = 20 + static_cast<int>(Ending::upgraded);
constexpr int kHandedOver = 20 + static_cast<int>(Ending::handed_over);

TEST_F(SupervisorUpgrade, AllEndInOrderWithoutAGoodbye) {
  successor_ = {"/bin/true"};
  start_and_await_ready();
  board_.ask = Ask::upgrade;
  EXPECT_EQ(end(), kUpgraded);
  EXPECT_LT(place_of("gateway: quiesce"), place_of("worker 1: asked to end"));
  EXPECT_LT(place_of("worker 1: asked to end"), place_of("gateway: hand over"));
  EXPECT_THAT(log(), Each(Not(HasSubstr("farewell"))));
}

TEST_F(SupervisorUpgrade, ASignalAsksForItAsWell) {
  successor_ = {"/bin/true"};
  start_and_await_ready();
  signal(SIGUSR2);
  EXPECT_EQ(end(), kUpgraded);
}

TEST_F(SupervisorUpgrade, AProgramThatWouldNotStartIsRefusedAndAllGoesOn) {
  successor_ = {"/bin/sh", "-c", "echo no luck; exit 3"};
  start_and_await_ready();
  const pid_t gateway = pid_of(0);
  board_.ask = Ask::upgrade;
  await_log("gateway: no upgrade the new program exited with status 3: no luck");
  EXPECT_EQ(pid_of(0), gateway);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorUpgrade, WhereAServiceManagerKeepsTheSessionsItIsNamed) {
  sessions_are_kept_ = true;
  start_and_await_ready();
  board_.ask = Ask::upgrade;
  await_log("systemctl restart chatd");
  signal(SIGUSR2);
  EXPECT_EQ(end(), kHandedOver);
  EXPECT_THAT(log(), Contains("gateway: hand over"));
}

}  // namespace
}  // namespace chatd::supervisor
