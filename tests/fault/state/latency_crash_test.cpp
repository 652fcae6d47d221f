// SPDX-License-Identifier: GPL-3.0-or-later
// A worker is killed while it counts an observation.
#include <gtest/gtest.h>

#include "daemon/state/latency.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class LatencyCrashTest : public test::StateFixture {};

TEST_F(LatencyCrashTest, AnObservationIsCountedOnceAndLacksAtMostInTheSum) {
  Histogram& histogram = state_.delivery_latency(0).text;
  observe(histogram, 2'000);
  ASSERT_TRUE(test::is_killed_at(1, [&] { observe(histogram, 2'000); }));
  EXPECT_EQ(histogram.buckets[2].load(), 2U);
  EXPECT_EQ(histogram.sum.load(), 2'000U);
  EXPECT_FALSE(test::is_killed_at(2, [&] { observe(histogram, 2'000); }));
  EXPECT_EQ(histogram.buckets[2].load(), 3U);
  EXPECT_EQ(histogram.sum.load(), 4'000U);
}

}  // namespace
}  // namespace chatd::state
