// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed inside of open(): a worker that reads the slot because of an old bit must
// never use half-written fields.
#include "daemon/state/session_table.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using SessionTableCrashTest = test::StateFixture;

TEST_F(SessionTableCrashTest, TheGenerationIsOddOnlyWhileTheFieldsAreWhole) {
  SessionSlot& slot = state_.slots()[0];
  const auto open = [&](std::string_view name) {
    SessionTable{state_}.open(Slot{0},
                              {.delivery = test::delivery_to(test::endpoint("127.0.0.1:4000")),
                               .name = name,
                               .log_tail = 0,
                               .joined = {},
                               .now = {}});
  };
  int killed = 0;
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    slot.generation.store(5);  // a predecessor was killed just here
    slot.phase.store(SessionPhase::free);
    slot.name_bytes = 0;
    const bool was_killed = test::is_killed_at(step, [&] { open("ada"); });
    const std::uint64_t generation = slot.generation.load();
    EXPECT_GT(generation, 5U);
    if (generation % 2 != 0) {
      EXPECT_EQ(SessionTable{state_}.name(Slot{0}), "ada");
      EXPECT_EQ(generation, 7U);
    }
    if (!was_killed) break;
    ++killed;
  }
  EXPECT_GE(killed, 4);
  EXPECT_EQ(slot.phase.load(), SessionPhase::joining);
}

}  // namespace
}  // namespace chatd::state
