// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/local_time.hpp"

#include <gtest/gtest.h>

#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

class LocalTime : public InUtc {};

TEST_F(LocalTime, HasTheDateTheMinuteAndTheSecond) {
  EXPECT_EQ(clock_of(kFriday), "23:15 ");
  EXPECT_EQ(day_of(kFriday), "2026-11-20");
  EXPECT_EQ(minute_of(kFriday), "2026-11-20 23:15");
  EXPECT_EQ(date_and_time(kFriday), "2026-11-20 23:15:04");
}

// A hostile server can send any 64 bits.
TEST_F(LocalTime, OfATimeThatIsNotPossibleHasTheSameWidth) {
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    EXPECT_EQ(clock_of(time), "--:-- ");
    EXPECT_EQ(day_of(time), "");
    EXPECT_EQ(minute_of(time), "---------- --:--");
    EXPECT_EQ(date_and_time(time), "---------- --:--:--");
  }
}

}  // namespace
}  // namespace chatd::client
