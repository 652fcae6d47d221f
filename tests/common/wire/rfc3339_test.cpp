// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/rfc3339.hpp"

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Rfc3339, ReadsTheTimesThatAreWritten) {
  for (const WallTime time : {WallTime{}, WallTime{milliseconds{1'795'216'504'250}},
                              WallTime{milliseconds{951'782'400'000}}}) {
    EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time) << to_rfc3339(time);
  }
}

TEST(Rfc3339, AFractionHasAnyNumberOfDigitsOrNone) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:01Z"), WallTime{microseconds{1'000'000}});
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.5Z"), WallTime{microseconds{500'000}});
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.123456789123456789123456789Z"),
            WallTime{microseconds{123'456}});
}

TEST(Rfc3339, AnOffsetIsHowFarTheClockIsAheadOfUtc) {
  const auto in_utc = parse_rfc3339("2026-11-20T23:15:04.5Z");
  ASSERT_TRUE(in_utc);
  EXPECT_EQ(parse_rfc3339("2026-11-21T07:15:04.5+08:00"), in_utc);
  EXPECT_EQ(parse_rfc3339("2026-11-20T17:45:04.5-05:30"), in_utc);
  EXPECT_EQ(parse_rfc3339("2026-11-20T23:15:04.5-00:00"), in_utc);
}

TEST(Rfc3339, RefusesOtherText) {
  for (const std::string_view text : {"",
                                      "Z",
                                      "2026-11-20",
                                      "2026-11-20T23:15:04",
                                      "2026-11-20T23:15:04+24:00",
                                      "2026-11-20T23:15:04+08:60",
                                      "2026-11-20T23:15:04+8:00",
                                      "2026-11-20T23:15:04+08.00",
                                      "2026-11-20T23:15:04+0800",
                                      "2026-11-20T23:15:04+0x:00",
                                      "2026-11-20T23:15:04+08:00Z",
                                      "2026-11-20 23:15:04Z",
                                      "2026-11-20T23:15:04.Z",
                                      "2026-11-20T23:15:04.2",
                                      "2026-11-20T23:15:04ZZ",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-10T00:00:00Z",
                                      "2026-11-20T24:00:00Z",
                                      "2026-11-20T00:60:00Z",
                                      "2026-11-20T00:00:60Z",
                                      "+026-11-20T00:00:00Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace chatd::wire
