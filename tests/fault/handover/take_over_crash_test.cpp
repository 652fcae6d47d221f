// SPDX-License-Identifier: GPL-3.0-or-later
// A service is killed at each crash point while it takes over the state of its predecessor: the
// next one still finds every member, on every path of the take-over.
#include <unistd.h>

#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/handover/take_over.hpp"
#include "tests/daemon/handover/kept_service.hpp"
#include "tests/support/crash.hpp"

namespace chatd::handover {
namespace {

using std::chrono::seconds;

// ada is at the second of two sockets.
class TakeOverCrashTest : public KeptService {
 protected:
  TakeOverCrashTest() {
    sockets_ = {test::endpoint("127.0.0.1:8888"), adas_socket_};
    begin(1);
  }

  // Returns the number of crash points.
  int kill_after_each_step() {
    int step = 0;
    bool killed = true;
    while (killed) {
      now_ += seconds{60};
      killed = test::is_killed_at(++step, [&] { (void)take_over(kept(), wanted()); });
      now_ += seconds{60};
      const auto next = take_over(kept(), wanted()).value();
      const auto state = view(next);
      EXPECT_FALSE(next.is_lost) << step;
      EXPECT_TRUE(has_ada(next)) << step;
      EXPECT_EQ(sockets_.at(state.slots()[kAdasSlot].delivery.socket), adas_socket_) << step;
    }
    return step;
  }

  const Endpoint adas_socket_{test::endpoint("127.0.0.1:8889")};
};

TEST_F(TakeOverCrashTest, TheSameMemoryKeepsItsMembers) { EXPECT_GT(kill_after_each_step(), 5); }

TEST_F(TakeOverCrashTest, OtherSizesKeepTheMembers) {
  geometry_ = {.sessions = 16, .ring_bytes = 65536};
  EXPECT_GT(kill_after_each_step(), 3);
}

// A regression test: the numbers were changed one after another in the kept memory, and the service
// after a death in the middle changed some of them twice.
TEST_F(TakeOverCrashTest, AnotherOrderOfSocketsKeepsEachMembersSocket) {
  std::ranges::reverse(sockets_);
  EXPECT_GT(kill_after_each_step(), 3);
}

}  // namespace
}  // namespace chatd::handover
