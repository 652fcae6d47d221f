// SPDX-License-Identifier: GPL-3.0-or-later
// Roles that exist in this test only: the supervisor treats a row of the table as its stage and its
// restart group say.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/supervisor/supervised.hpp"

namespace chatd::supervisor {
namespace {

using chatd::test::eventually;
using state::ProcessState;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t kAdded = Board::kRows;  // row of the added process

class SupervisorRoles : public Supervised {
 protected:
  void start_with(const roles::Role& role) {
    table_.push_back(role);
    start_and_await_ready();
  }
  void stop() {
    signal(SIGTERM);
    EXPECT_EQ(end(), 0);
  }
};

const roles::Role kArchive{.name = "archive",
                           .count = 1,
                           .stage = roles::Stage::followers,
                           .restart = roles::RestartGroup::first};
const roles::Role kDoor{.name = "door",
                        .count = 2,
                        .stage = roles::Stage::ingress,
                        .restart = roles::RestartGroup::first,
                        .index_field = "CHATD_DOOR"};

TEST_F(SupervisorRoles, AnAddedFollowerIsStartedAndReplacedWhenItDies) {
  start_with(kArchive);
  const pid_t old = pid_of(kAdded);
  EXPECT_EQ(state_of(kAdded), ProcessState::ready);
  ASSERT_EQ(::kill(old, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(kAdded, old); }));
  await_log("archive (pid " + std::to_string(old) + ") killed by SIGKILL");
  stop();
}

TEST_F(SupervisorRoles, AFollowerThatClosesItsChannelServesOnAndIsReplacedAndEndsInOrder) {
  board_.act[kAdded] = Act::close;
  start_with(kArchive);
  const pid_t first = pid_of(kAdded);
  signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return is_replaced(kAdded, first); }));
  await_log("reloaded; changed: nothing");
  const pid_t second = pid_of(kAdded);
  ASSERT_EQ(::kill(second, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return is_replaced(kAdded, second); }));
  EXPECT_EQ(restarts_of(kAdded), 1U);
  stop();
  EXPECT_LT(place_of("archive: asked to end"), place_of("gateway: goodbye"));
}

TEST_F(SupervisorRoles, OnlyAProcessOfTheIngressStageMayAskForAnything) {
  board_.act[kAdded] = Act::ask;
  start_with(kArchive);
  const std::string refused = "archive (pid " + std::to_string(pid_of(kAdded)) +
                              ") has sent what only the gateway may send";
  await_log(refused);
  board_.ask = Ask::key;  // the gateway's, behind all those of the other process
  await_log("key with burst");
  EXPECT_TRUE(eventually([&] { return state_of(kAdded) == ProcessState::ready; }));
  stop();
  const auto lines = log();
  EXPECT_EQ(std::ranges::count_if(lines, [](const auto& l) { return l.find("key with") == 0; }), 1);
  EXPECT_EQ(std::ranges::count_if(lines, [&](const auto& l) { return l.find(refused) == 0; }), 1);
  EXPECT_THAT(lines, Each(Not(HasSubstr("chatctl stop"))));
  EXPECT_THAT(lines, Each(Not(HasSubstr("upgrade"))));
}

TEST_F(SupervisorRoles, AnAddedFollowerEndsBeforeTheGoodbyeOfTheIngressStage) {
  start_with(kArchive);
  stop();
  EXPECT_LT(place_of("gateway: quiesce"), place_of("archive: asked to end"));
  EXPECT_LT(place_of("archive: asked to end"), place_of("gateway: goodbye"));
}

TEST_F(SupervisorRoles, AnAddedFollowerThatStaysIsKilledAndTheNextStageBegins) {
  board_.act[kAdded] = Act::stay;
  start_with(kArchive);
  stop();
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

TEST_F(SupervisorRoles, TheFirstRestartGroupIsReplacedBeforeTheLast) {
  start_with(kArchive);
  const pid_t old = pid_of(kAdded);
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("reloaded; changed: limits.burst");
  EXPECT_TRUE(eventually([&] { return is_replaced(kAdded, old); }));
  EXPECT_EQ(board_.burst[kAdded].load(), 77U);
  EXPECT_LT(place_of("archive: asked to end"), place_of("gateway: reloaded"));
  stop();
}

TEST_F(SupervisorRoles, NoStageBeginsBeforeEveryIngressProcessIsQuiescent) {
  board_.act[kAdded + 1] = Act::stay;  // is never quiescent, and is killed for it
  start_with(kDoor);
  stop();
  for (const auto* door : {"door 0", "door 1"}) {
    EXPECT_LT(place_of(std::string{door} + ": quiesce"), place_of("worker 0: asked to end"));
  }
  EXPECT_THAT(log(), Contains("door 0: goodbye"));
  EXPECT_THAT(log(), Each(Not(HasSubstr("door 1: goodbye"))));
  EXPECT_THAT(log(), Contains("gateway: goodbye"));
}

TEST_F(SupervisorRoles, WithoutAProcessThatIsNotVitalTheServiceStartsAndReloads) {
  roles::Role store = kArchive;
  store.is_vital = false;
  store.stage = roles::Stage::storage;
  board_.act[kAdded] = Act::die;
  start_with(store);
  board_.configuration = Choice::other_burst;
  signal(SIGHUP);
  await_log("reloaded; changed: limits.burst");
  board_.act[kAdded] = Act::serve;
  EXPECT_TRUE(eventually([&] { return state_of(kAdded) == ProcessState::ready; }));
  stop();
}

TEST_F(SupervisorRoles, TheStorageStageEndsBehindTheIngress) {
  roles::Role store = kArchive;
  store.stage = roles::Stage::storage;
  start_with(store);
  stop();
  EXPECT_LT(place_of("gateway: goodbye"), place_of("archive: asked to end"));
}

TEST_F(SupervisorRoles, ARoleMayHaveAHangTimeoutOfItsOwn) {
  roles::Role store = kArchive;
  store.hang_timeout = std::chrono::milliseconds{300};
  board_.act[kAdded] = Act::hang;
  start_with(store);
  await_log("archive (pid " + std::to_string(pid_of(kAdded)) +
            ") gives no sign of life; killing it");
  stop();
}

TEST_F(SupervisorRoles, ARoleWithTheCountZeroHasNoProcessAndNoRow) {
  roles::Role none = kArchive;
  none.count = 0;
  start_with(none);
  EXPECT_EQ(pid_of(kAdded), 0);
  EXPECT_EQ(state_of(kAdded), ProcessState::empty);
  stop();
  EXPECT_THAT(log(), Each(Not(HasSubstr("archive"))));
}

}  // namespace
}  // namespace chatd::supervisor
