// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/unproved.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class UnprovedTest : public ::testing::Test {
 protected:
  void add(std::uint32_t slot) { unproved_.add(Slot{slot}, now_, now_); }

  Unproved unproved_{2, 8};
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(UnprovedTest, ADatagramTenSecondsAfterTheLoginProvesASession) {
  add(3);
  EXPECT_FALSE(unproved_.heard(Slot{3}, now_));
  now_ += Unproved::kProof - milliseconds{1};
  EXPECT_FALSE(unproved_.heard(Slot{3}, now_));
  EXPECT_TRUE(unproved_.contains(Slot{3}));
  now_ += milliseconds{1};
  EXPECT_TRUE(unproved_.heard(Slot{3}, now_));
  EXPECT_FALSE(unproved_.contains(Slot{3}));
  EXPECT_EQ(unproved_.size(), 0U);
}

TEST_F(UnprovedTest, BeyondTheLimitTheLongestSilentSessionIsSurplus) {
  add(0);
  now_ += seconds{1};
  add(1);
  EXPECT_FALSE(unproved_.surplus());
  now_ += seconds{1};
  EXPECT_FALSE(unproved_.heard(Slot{0}, now_));
  add(2);
  EXPECT_EQ(unproved_.surplus(), 1U);
  unproved_.forget(Slot{1});
  EXPECT_FALSE(unproved_.surplus());
}

TEST_F(UnprovedTest, OfSessionsWithOneTimeTheFirstIsSurplus) {
  for (const std::uint32_t slot : {5U, 7U, 1U}) add(slot);
  EXPECT_EQ(unproved_.surplus(), 5U);
  unproved_.forget(Slot{5});
  add(5);
  EXPECT_EQ(unproved_.surplus(), 7U);
}

TEST_F(UnprovedTest, ForgetRemovesOneSessionOnly) {
  for (const std::uint32_t slot : {0U, 1U, 2U}) add(slot);
  unproved_.forget(Slot{0});
  unproved_.forget(Slot{0});
  EXPECT_FALSE(unproved_.contains(Slot{0}));
  EXPECT_TRUE(unproved_.contains(Slot{1}));
  EXPECT_TRUE(unproved_.contains(Slot{2}));
  unproved_.forget(Slot{2});
  unproved_.forget(Slot{1});
  EXPECT_EQ(unproved_.size(), 0U);
}

TEST_F(UnprovedTest, ZeroIsNoLimit) {
  Unproved unproved{0, 8};
  for (Slot slot{}; slot < 8; ++slot) unproved.add(slot, now_, now_);
  EXPECT_FALSE(unproved.surplus());
}

TEST_F(UnprovedTest, AllUnprovedSessionsShareOneRate) {
  unsigned admitted = 0;
  while (!unproved_.refuse_line(now_)) ++admitted;
  EXPECT_EQ(admitted, Unproved::kLinesAtOnce);
  now_ += seconds{1};
  for (admitted = 0; !unproved_.refuse_line(now_); ++admitted) {
  }
  EXPECT_EQ(admitted, Unproved::kLinesPerSecond);
}

}  // namespace
}  // namespace chatd::chat
