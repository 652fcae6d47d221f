// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/turn.hpp"

#include <gtest/gtest.h>

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;

constexpr MonoTime kBegin{std::chrono::seconds{100}};

TEST(TurnTest, EachBatchEndsAfterTenMilliseconds) {
  Turn turn{kBegin};
  EXPECT_FALSE(turn.is_batch_over(kBegin + milliseconds{9}));
  EXPECT_TRUE(turn.is_batch_over(kBegin + milliseconds{10}));
  turn.begin_batch(kBegin + milliseconds{10});
  EXPECT_FALSE(turn.is_batch_over(kBegin + milliseconds{19}));
  EXPECT_TRUE(turn.is_batch_over(kBegin + milliseconds{20}));
}

TEST(TurnTest, AllBatchesTogetherEndAfterFiftyMilliseconds) {
  Turn turn{kBegin};
  turn.begin_batch(kBegin + milliseconds{45});
  EXPECT_FALSE(turn.is_over(kBegin + milliseconds{49}));
  EXPECT_TRUE(turn.is_over(kBegin + milliseconds{50}));
}

}  // namespace
}  // namespace chatd::gateway
