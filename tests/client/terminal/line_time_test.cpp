// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_time.hpp"

#include <gtest/gtest.h>

#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

class LineTime : public InUtc {};

TEST_F(LineTime, HasTheDateAndTheSecond) {
  EXPECT_EQ(date_and_time(kFriday), "2026-11-20 23:15:04");
}

// A hostile server can send any 64 bits.
TEST_F(LineTime, OfATimeThatIsNotPossibleHasTheSameWidth) {
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    EXPECT_EQ(date_and_time(time), "---------- --:--:--");
  }
}

}  // namespace
}  // namespace chatd::client
