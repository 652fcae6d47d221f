// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/duration.hpp"

#include <gtest/gtest.h>

namespace chatd::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEveryUnitAndTheirSums) {
  EXPECT_EQ(parse_duration("90s").value(), 90s);
  EXPECT_EQ(parse_duration("5m").value(), 5min);
  EXPECT_EQ(parse_duration("1h").value(), 1h);
  EXPECT_EQ(parse_duration("2h30m").value(), 150min);
  EXPECT_EQ(parse_duration("30d").value(), 720h);
  EXPECT_EQ(parse_duration("1500ms").value(), 1500ms);
  EXPECT_EQ(parse_duration("1d1h1m1s1ms").value(), 24h + 1h + 1min + 1s + 1ms);
  EXPECT_EQ(parse_duration("0s").value(), 0s);
}

TEST(Duration, RefusesInvalidTextAndNamesTheRightForm) {
  const auto why = [](std::string_view text) { return parse_duration(text).error().message(); };
  EXPECT_EQ(why(""), "an empty duration; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("90"), "a unit is missing; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("h"), "a number is missing; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("5 m"), "a unit is missing; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("5weeks"), "a unit is unknown; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("30m2h"), "the units are out of order; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("1h1h"), "the units are out of order; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("1.5h"), "a unit is missing; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("-5s"), "a number is missing; write it like 90s, 5m, 2h30m or 500ms");
  EXPECT_EQ(why("1234567890d"), "a number is too long; write it like 90s, 5m, 2h30m or 500ms");
}

TEST(Duration, TheLongestDurationsDoNotOverflow) {
  const auto longest = parse_duration("999999999d999999999h999999999m999999999s999999999ms");
  EXPECT_GT(longest.value(), 999'999'999 * 24h);
}

TEST(Duration, IsWrittenInItsLargestUnits) {
  EXPECT_EQ(to_text(0ms), "0s");
  EXPECT_EQ(to_text(90s), "1m30s");
  EXPECT_EQ(to_text(3600s), "1h");
  EXPECT_EQ(to_text(1500ms), "1s500ms");
  EXPECT_EQ(to_text(720h), "30d");
  EXPECT_EQ(to_text(-1ms), "-1ms");
}

TEST(Duration, AWrittenDurationIsReadBack) {
  for (const auto duration : {1ms, 999ms, 1000ms, 59'999ms, 3'600'000ms, 86'399'999ms}) {
    EXPECT_EQ(parse_duration(to_text(duration)).value(), duration) << to_text(duration);
  }
}

}  // namespace
}  // namespace chatd::config
