// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/supervisor/respawn_policy.hpp"

#include <gtest/gtest.h>

namespace chatd::supervisor {
namespace {

using Millis = RespawnPolicy::Millis;
constexpr Millis kShort{5};

TEST(RespawnPolicy, TheFirstDeathIsAnsweredAtOnce) {
  RespawnPolicy policy;
  EXPECT_EQ(policy.on_death(kShort), Millis{0});
}

TEST(RespawnPolicy, EachFurtherDeathDoublesTheWaitUpToTwoSeconds) {
  RespawnPolicy policy;
  (void)policy.on_death(kShort);
  for (const int expected : {100, 200, 400, 800, 1600, 2000, 2000}) {
    EXPECT_EQ(policy.on_death(kShort), Millis{expected});
  }
}

TEST(RespawnPolicy, AfterAHealthyLifeEarlierDeathsAreForgiven) {
  RespawnPolicy policy;
  for (int i = 0; i < 5; ++i) (void)policy.on_death(kShort);
  EXPECT_EQ(policy.on_death(Millis{999}), Millis{1600});
  EXPECT_EQ(policy.on_death(Millis{1'000}), Millis{0});
  EXPECT_EQ(policy.on_death(kShort), Millis{100});
}

TEST(RespawnPolicy, ALongCrashLoopNeverEndsNorOverflows) {
  RespawnPolicy policy;
  for (int i = 0; i < 100'000; ++i) EXPECT_LE(policy.on_death(kShort), Millis{2'000});
}

}  // namespace
}  // namespace chatd::supervisor
