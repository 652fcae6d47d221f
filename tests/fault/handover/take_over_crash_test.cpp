// SPDX-License-Identifier: GPL-3.0-or-later
// A service that is killed while it takes over what its predecessor left, after each of its
// steps: the next one still finds everybody, whatever way the take-over goes.
#include <unistd.h>

#include <gtest/gtest.h>

#include "daemon/handover/take_over.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {
namespace {

using std::chrono::seconds;

class TakeOverCrashTest : public ::testing::Test {
 protected:
  TakeOverCrashTest() { begin(); }

  // ada is at the second of two sockets.
  void begin() {
    first_ = take_over({}, wanted()).value();
    const auto state = view(first_);
    state::SessionTable sessions{state};
    sessions.open(3, {.kind = state::SessionKind::text,
                      .delivery = test::delivery_to(test::endpoint("192.0.2.1:5000"), false, 1),
                      .name = "ada",
                      .log_tail = 0,
                      .joined = now_,
                      .now = test::mono_at(seconds{1})});
    sessions.activate(3);
  }
  [[nodiscard]] static state::StateView view(const Begin& begin) {
    return state::StateView::map(begin.state.get(), state::Access::writer).value();
  }
  [[nodiscard]] Wanted wanted() const {
    return {.geometry = geometry_, .sockets = sockets_, .epoch = 7, .now = now_};
  }
  static UniqueFd copy(const UniqueFd& fd) { return UniqueFd{::dup(fd.get())}; }
  Kept kept() { return {.state = copy(first_.state), .keys = copy(first_.keys), .snapshot = {}}; }

  // Returns how many steps there were.
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
      EXPECT_EQ(state.slots()[3].phase.load(), state::SessionPhase::active) << step;
      EXPECT_EQ(state::SessionTable{state}.name(3), "ada") << step;
      EXPECT_EQ(sockets_.at(state.slots()[3].delivery.socket), adas_socket_) << step;
    }
    return step;
  }

  state::Geometry geometry_{test::kSmallGeometry};
  const Endpoint adas_socket_{test::endpoint("127.0.0.1:8889")};
  std::vector<Endpoint> sockets_{test::endpoint("127.0.0.1:8888"), adas_socket_};
  WallTime now_{seconds{1'000'000}};
  Begin first_{};
};

TEST_F(TakeOverCrashTest, InTheSameMemory) { EXPECT_GT(kill_after_each_step(), 5); }

TEST_F(TakeOverCrashTest, IntoAnotherShape) {
  geometry_ = {.sessions = 16, .ring_bytes = 65536};
  EXPECT_GT(kill_after_each_step(), 3);
}

// The numbers were changed one after the other in the memory that was kept: whoever came after
// a death in the middle changed some of them twice.
TEST_F(TakeOverCrashTest, WithItsSocketsInAnotherOrder) {
  std::ranges::reverse(sockets_);
  EXPECT_GT(kill_after_each_step(), 3);
}

}  // namespace
}  // namespace chatd::handover
