// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/text.hpp"

#include <gtest/gtest.h>

namespace chatd::ctl {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(DurationText, HasItsTwoLargestUnits) {
  EXPECT_EQ(duration_text(seconds{0}), "0 s");
  EXPECT_EQ(duration_text(seconds{59}), "59 s");
  EXPECT_EQ(duration_text(seconds{60}), "1 min");
  EXPECT_EQ(duration_text(minutes{59} + seconds{59}), "59 min");
  EXPECT_EQ(duration_text(hours{2}), "2 h");
  EXPECT_EQ(duration_text(hours{2} + minutes{5}), "2 h 5 min");
  EXPECT_EQ(duration_text(days{1}), "1 day");
  EXPECT_EQ(duration_text(days{3} + hours{4} + minutes{5}), "3 days 4 h");
  EXPECT_EQ(duration_text(seconds{-5}), "0 s");
}

TEST(AgeText, TellsHowLongAgo) {
  const WallTime now{hours{100}};
  EXPECT_EQ(age_text(now - minutes{3}, now), "3 min ago");
  EXPECT_EQ(age_text(now - seconds{1}, now), "1 s ago");
  EXPECT_EQ(age_text(now - Micros{999'999}, now), "now");
  EXPECT_EQ(age_text(now + hours{1}, now), "now");
}

TEST(CountText, KnowsTheSingular) {
  EXPECT_EQ(count_text(0, "member"), "0 members");
  EXPECT_EQ(count_text(1, "member"), "1 member");
  EXPECT_EQ(count_text(2, "member"), "2 members");
}

}  // namespace
}  // namespace chatd::ctl
