// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/short_time.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(ShortTime, IsANumberAndAUnit) {
  EXPECT_EQ(seconds_of("30s"), 30U);
  EXPECT_EQ(seconds_of("30m"), 1800U);
  EXPECT_EQ(seconds_of("2h"), 7200U);
  EXPECT_EQ(seconds_of("49710d"), 4'294'944'000U);
  for (const char* wrong :
       {"", "m", "30", "0m", "-1m", "1.5h", "1w", "49711d", "30 m", "4294967296s"}) {
    EXPECT_FALSE(seconds_of(wrong)) << wrong;
  }
}

TEST(ShortTime, IsWrittenInTheLargestUnitThatFits) {
  EXPECT_EQ(as_short_time(86'400), "1d");
  EXPECT_EQ(as_short_time(90), "90s");
  EXPECT_EQ(as_short_time(5'400), "90m");
}

}  // namespace
}  // namespace chatd::client
