// SPDX-License-Identifier: GPL-3.0-or-later
// latency.hpp — histograms of times, and the figures that only `chatctl metrics` shows.
//
// Runs in:   gateway and workers count. Part of the shared layout.
// Invariant: one writer per histogram. An observation is two stores: a process that is killed in
//            between leaves one that is counted, and lacks in the sum.
// See:       daemon/metrics, which shows them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "daemon/log/crash_point.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::state {

// The upper bounds of the buckets, in microseconds. There is one more bucket for what is above.
inline constexpr auto kLatencyBounds =
    std::to_array<std::uint64_t>({500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000,
                                  250'000, 500'000, 1'000'000, 2'500'000});

struct Histogram {
  std::array<Counter, kLatencyBounds.size() + 1> buckets;  // not cumulative
  Counter sum;                                             // microseconds
};

// `times` observations of the same time. A negative time, which a clock that is set back makes, is
// 0.
inline void observe(Histogram& histogram, std::int64_t micros, std::uint64_t times = 1) noexcept {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(micros, 0));
  std::size_t bucket = 0;
  while (bucket < kLatencyBounds.size() && value > kLatencyBounds[bucket]) ++bucket;
  count(histogram.buckets[bucket], times);
  logs::crash_point();
  count(histogram.sum, value * times);
}

// Written by: the worker of that index. From the append of a message to its delivery to the kernel.
struct alignas(kCacheLine) DeliveryLatency {
  Histogram text;
  Histogram native;
};

// Written by: gateway.
struct GatewayFigures {
  // From the append of a message until a native member has acknowledged it.
  Histogram ack;
  // Sessions that were in when they were last counted, see daemon/gateway/session_gauges.hpp.
  Counter sessions_text;
  Counter sessions_native;
  Counter sessions_web;
  Counter sessions_away;
};
inline constexpr std::size_t kGatewayFiguresOffset = 2048;  // on the page of the GatewayCounters
static_assert(sizeof(GatewayCounters) <= kGatewayFiguresOffset);

}  // namespace chatd::state
