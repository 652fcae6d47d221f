// SPDX-License-Identifier: GPL-3.0-or-later
// Gateway and worker are killed after each step of a native member's leave, and new ones take over.
// A session that has ended has no keys any more. A session that still exists has its keys, so the
// client can send its quit again.
#include <gtest/gtest.h>

#include "tests/support/crash.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

// Kills everything at crash point `step` of a leave. False: a leave has fewer steps.
bool has_left_with_its_keys_if_killed_at(int step) {
  test::NativeWorld world{1};
  auto& ada = world.enter("ada");
  const chat::Slot slot = world.sessions().find_name("ada").value();
  const bool was_killed = test::is_killed_at(step, [&] {
    ada.member.quit(world.now());
    world.run_for(std::chrono::milliseconds{10});
  });
  world.replace_gateway();
  const bool has_keys =
      world.keys().take(slot, world.view().native_slots()[slot].packet_counter).has_value();
  EXPECT_EQ(world.sessions().find_name("ada").has_value(), has_keys) << "crash point " << step;
  world.replace_worker();
  ada.member.quit(world.now());
  EXPECT_TRUE(world.run_until([&] { return !world.sessions().find_name("ada"); }))
      << "crash point " << step;
  return was_killed;
}

TEST(NativeServiceCrash, KeysAreWipedWithTheSession) {
  int step = 1;
  while (has_left_with_its_keys_if_killed_at(step)) ++step;
  EXPECT_GT(step, 6);
}

}  // namespace
}  // namespace chatd::gateway
