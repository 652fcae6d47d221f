// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/latency.hpp"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

// The bucket of one observation.
std::size_t bucket_of(std::int64_t micros) {
  Histogram histogram{};
  observe(histogram, micros);
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    if (histogram.buckets[i].load() == 1) return i;
  }
  return histogram.buckets.size();
}

TEST(Latency, ABoundBelongsToItsBucket) {
  EXPECT_EQ(bucket_of(0), 0U);
  EXPECT_EQ(bucket_of(500), 0U);
  EXPECT_EQ(bucket_of(501), 1U);
  EXPECT_EQ(bucket_of(2'500'000), kLatencyBounds.size() - 1);
  EXPECT_EQ(bucket_of(2'500'001), kLatencyBounds.size());
  EXPECT_TRUE(std::ranges::is_sorted(kLatencyBounds));
}

TEST(Latency, ATimeBeforeTheMessageIsZero) {
  Histogram histogram{};
  observe(histogram, -5, 2);
  EXPECT_EQ(histogram.buckets[0].load(), 2U);
  EXPECT_EQ(histogram.sum.load(), 0U);
}

class LatencyRegion : public test::StateFixture {};

TEST_F(LatencyRegion, HasAPlaceForEachWorkerBesideTheCounters) {
  observe(state_.delivery_latency(kMaxWorkers - 1).native, 1);
  observe(state_.gateway_figures().ack, 1);
  state_.gateway_figures().sessions_away.store(1);
  for (const auto& row : kWorkerCounters) {
    EXPECT_EQ((state_.worker_counters(kMaxWorkers - 1).*row.member).load(), 0U) << row.name;
  }
  for (const auto& row : kGatewayCounters) {
    EXPECT_EQ((state_.counters().*row.member).load(), 0U) << row.name;
  }
  EXPECT_EQ(state_.archive().stored.load(), 0U);
}

}  // namespace
}  // namespace chatd::state
