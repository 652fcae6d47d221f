// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/time.hpp"

#include <ctime>

#include <gtest/gtest.h>

namespace chatd {
namespace {

using std::chrono::microseconds;

TEST(Time, IsWrittenAsRfc3339InUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(WallTime{microseconds{1'795'216'504'250'000}}), "2026-11-20T23:15:04.250Z");
}

TEST(Time, MillisecondsAreCutNotRounded) {
  EXPECT_EQ(to_rfc3339(WallTime{microseconds{999'999}}), "1970-01-01T00:00:00.999Z");
}

TEST(Time, IsRightBeforeTheEpochAndOnLeapDays) {
  EXPECT_EQ(to_rfc3339(WallTime{microseconds{-1}}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_rfc3339(WallTime{microseconds{1'709'164'800'000'000}}), "2024-02-29T00:00:00.000Z");
}

TEST(Time, MonoTimeIsTheMonotonicClockOfEveryProcess) {
  const auto of_kernel = [] {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return MonoTime{std::chrono::seconds{now.tv_sec} + microseconds{now.tv_nsec / 1000}};
  };
  const MonoTime before = of_kernel();
  const MonoTime now = mono_now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, of_kernel());
}

}  // namespace
}  // namespace chatd
