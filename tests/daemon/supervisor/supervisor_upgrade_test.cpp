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

TEST_F(SupervisorUpgrade, TheProcessesEndInOrderWithoutAGoodbye) {
  successor_ = {"/bin/true"};
  start_and_await_ready();
  board_.ask = Ask::upgrade;
  EXPECT_EQ(end(), kUpgraded);
  EXPECT_LT(place_of("gateway: quiesce"), place_of("worker 1: asked to end"));
  EXPECT_LT(place_of("worker 1: asked to end"), place_of("gateway: hand over"));
  EXPECT_THAT(log(), Each(Not(HasSubstr("goodbye"))));
}

TEST_F(SupervisorUpgrade, ASignalAsksForItToo) {
  successor_ = {"/bin/true"};
  start_and_await_ready();
  signal(SIGUSR2);
  EXPECT_EQ(end(), kUpgraded);
}

TEST_F(SupervisorUpgrade, AProgramThatWouldNotStartIsRefusedAndTheServiceGoesOn) {
  successor_ = {"/bin/sh", "-c", "echo no luck; exit 3"};
  start_and_await_ready();
  const pid_t gateway = pid_of(0);
  board_.ask = Ask::upgrade;
  await_log("gateway: no upgrade the new program exited with status 3: no luck");
  EXPECT_EQ(pid_of(0), gateway);
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(SupervisorUpgrade, ARefusalUnderAServiceManagerNamesItsCommand) {
  sessions_are_kept_ = true;
  start_and_await_ready();
  board_.ask = Ask::upgrade;
  await_log("systemctl restart chatd");
  signal(SIGUSR2);
  EXPECT_EQ(end(), kHandedOver);
  EXPECT_THAT(log(), Contains("gateway: hand over"));
}

TEST_F(SupervisorUpgrade, TheSuccessorThatAManagerStartsIsCheckedToo) {
  sessions_are_kept_ = true;
  successor_ = {"/bin/true"};
  start_and_await_ready();
  signal(SIGUSR2);
  EXPECT_EQ(end(), kHandedOver);
}

TEST_F(SupervisorUpgrade, MembersGetAGoodbyeIfTheManagersSuccessorWouldNotStart) {
  sessions_are_kept_ = true;
  successor_ = {"/bin/sh", "-c", "echo no such key; exit 78"};
  start_and_await_ready();
  signal(SIGUSR2);
  EXPECT_EQ(end(), 20 + static_cast<int>(Ending::refused));
  EXPECT_THAT(log(), Contains(HasSubstr("no such key")));
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

// The shortage is in this process and says nothing about the successor: the sessions stay.
TEST_F(SupervisorUpgrade, WithoutAFreeDescriptorTheManagersSuccessorIsNotChecked) {
  sessions_are_kept_ = true;
  successor_ = {"/bin/true"};
  start_and_await_ready();
  limit_descriptors(3);
  signal(SIGUSR2);
  EXPECT_EQ(end(), kHandedOver);
  EXPECT_THAT(log(), Contains(HasSubstr("Too many open files")));
  EXPECT_THAT(log(), Contains("gateway: hand over"));
}

TEST_F(SupervisorUpgrade, AStopDuringAnUpgradeEndsWithAGoodbye) {
  successor_ = {"/bin/true"};
  board_.act[1] = Act::stay;  // the step takes long
  start_and_await_ready();
  signal(SIGUSR2);
  await_log("worker 0: asked to end");
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

TEST_F(SupervisorUpgrade, AReloadDuringAnUpgradeFollowsItsRefusal) {
  successor_ = {"/bin/sh", "-c", "sleep 0.3; exit 1"};
  start_and_await_ready();
  const pid_t worker = pid_of(1);
  board_.ask = Ask::upgrade;
  EXPECT_TRUE(chatd::test::eventually([&] { return board_.ask.load() == Ask::nothing; }));
  signal(SIGHUP);
  await_log("gateway: no upgrade");
  EXPECT_TRUE(chatd::test::eventually([&] { return is_replaced(1, worker); }));
  signal(SIGTERM);
  EXPECT_EQ(end(), 0);
}

}  // namespace
}  // namespace chatd::supervisor
