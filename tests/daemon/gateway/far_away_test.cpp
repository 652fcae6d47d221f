// SPDX-License-Identifier: GPL-3.0-or-later
// A room after a very long run: offsets with their high bits set, and days of simulated time.
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::kSanitized;
using test::NativeWorld;

// The offsets around which an implementation with 32-bit or signed offsets would fail. At one
// gigabyte a second the last one is reached after 292 years.
class FarOffsets : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(FarOffsets, WorkLikeSmallOffsets) {
  NativeWorld world{1, NativeWorld::quick_config(), GetParam() - 8'000};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  world.weather = {
      .loss = 0.1, .twice = 0.1, .least_delay = Micros{100}, .most_delay = milliseconds{20}};
  for (int i = 0; i < 300; ++i) {
    ada.member.say("line " + std::to_string(i), world.now());
    world.run_for(milliseconds{10});
    if (i == 100) world.replace_gateway();
    if (i == 200) world.replace_worker();
  }
  ASSERT_TRUE(world.run_until([&] { return bob.lines.size() == 300; }));
  for (int i = 0; i < 300; ++i)
    EXPECT_EQ(bob.lines[static_cast<std::size_t>(i)], "ada: line " + std::to_string(i));
  EXPECT_GT(world.chat().room.tail(), GetParam());
  auto& late = world.enter("late");
  EXPECT_TRUE(
      world.run_until([&] { return !late.lines.empty() && late.lines.back() == "ada: line 299"; }));
  EXPECT_FALSE(test::has<client::Missed>(bob.events));
}

INSTANTIATE_TEST_SUITE_P(Bits, FarOffsets,
                         ::testing::Values(1ULL << 31U, 1ULL << 32U, 1ULL << 53U, 1ULL << 63U));

// A week in a whole run; otherwise as long as the gateway and two addresses take to change.
// Sanitized builds are ten times slower.
int simulated_hours() {
  if (kSanitized) return 8;
  return test::is_whole_run() ? 7 * 24 : 60;
}

// Key phases, cookies and addresses change, and members are silent for an hour at a time.
TEST(SilentDays, PassWithoutALostLine) {
  NativeWorld world{7};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  int said = 0;
  const int hours_to_run = simulated_hours();
  for (int hour = 0; hour < hours_to_run; ++hour) {
    ada.member.say("hour " + std::to_string(hour), world.now());
    ++said;
    if (hour % 24 == 23) world.move(bob);
    if (hour % 50 == 49) world.replace_gateway();
    world.run_for(hours{1});
    ASSERT_EQ(bob.lines.size(), static_cast<std::size_t>(said)) << "hour " << hour;
  }
  EXPECT_FALSE(test::has<client::Reconnecting>(ada.events));
  EXPECT_FALSE(test::has<client::Reconnecting>(bob.events));
  EXPECT_EQ(world.figure(&state::GatewayCounters::joins), 2U);
  EXPECT_EQ(world.figure(&state::GatewayCounters::leaves), 0U);
  // One PING every 20 seconds and its answer: the rate does not grow.
  EXPECT_LE(bob.bytes_sent, static_cast<std::uint64_t>(hours_to_run) * 3600 / 15 * 100);
}

}  // namespace
}  // namespace chatd::gateway
