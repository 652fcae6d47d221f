// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/member_limits.hpp"

#include <gtest/gtest.h>

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

class MemberLimitsTest : public ::testing::Test {
 protected:
  [[nodiscard]] unsigned opened_of(unsigned packets, state::Slot slot) {
    unsigned opened = 0;
    for (unsigned i = 0; i < packets; ++i) {
      if (!limits_.may_open(slot, now_)) continue;
      limits_.opened(slot, now_);
      ++opened;
    }
    return opened;
  }
  [[nodiscard]] unsigned answered_of(unsigned questions, state::Slot slot) {
    unsigned answered = 0;
    for (unsigned i = 0; i < questions; ++i) answered += limits_.may_answer(slot, now_) ? 1U : 0U;
    return answered;
  }

  MonoTime now_{seconds{100}};
  state::GatewayCounters counters_{};
  MemberLimits limits_{2, counters_};
};

TEST_F(MemberLimitsTest, EachMemberHasItsOwnLimitsAndANewSessionResetsThem) {
  EXPECT_EQ(opened_of(10'000, state::Slot{0}), MemberLimits::kPacketsAtOnce);
  EXPECT_EQ(counters_.datagrams_dropped_overload.load(), 6'000U);
  EXPECT_EQ(answered_of(1'000, state::Slot{0}), MemberLimits::kAnswersAtOnce);
  EXPECT_EQ(counters_.answers_suppressed.load(), 900U);
  EXPECT_EQ(opened_of(1, state::Slot{1}), 1U);
  EXPECT_EQ(answered_of(1, state::Slot{1}), 1U);
  now_ += seconds{1};
  EXPECT_EQ(opened_of(10'000, state::Slot{0}), 2'000U);
  EXPECT_EQ(answered_of(1'000, state::Slot{0}), 100U);
  limits_.begin(state::Slot{0});
  EXPECT_EQ(opened_of(10'000, state::Slot{0}), MemberLimits::kPacketsAtOnce);
}

TEST_F(MemberLimitsTest, PacketsThatDoNotOpenAreNotCharged) {
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(limits_.may_open(state::Slot{0}, now_));
  EXPECT_EQ(opened_of(1, state::Slot{0}), 1U);
}

TEST_F(MemberLimitsTest, PacketsFarAheadHaveTheirOwnLimit) {
  unsigned looked = 0;
  for (int i = 0; i < 1'000; ++i) looked += limits_.may_look_ahead(state::Slot{0}, now_) ? 1U : 0U;
  EXPECT_EQ(looked, MemberLimits::kFarAheadAtOnce);
  EXPECT_EQ(opened_of(10'000, state::Slot{0}), MemberLimits::kPacketsAtOnce);
  EXPECT_TRUE(limits_.may_look_ahead(state::Slot{1}, now_));
}

}  // namespace
}  // namespace chatd::gateway
