// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/due_tail.hpp"

#include <gtest/gtest.h>

namespace chatd::worker {
namespace {

class DueTailTest : public ::testing::Test {
 protected:
  DueTail due_;
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(DueTailTest, ARecordAfterAPauseIsDueAtOnce) {
  EXPECT_TRUE(due_.look(80, true, now_));
  EXPECT_EQ(due_.offset(), 80U);
  EXPECT_FALSE(due_.is_behind());
  EXPECT_EQ(due_.due_at(), MonoTime::max());
}

TEST_F(DueTailTest, RecordsWithinThePauseAreCoalesced) {
  EXPECT_TRUE(due_.look(80, true, now_));
  const MonoTime end = now_ + DueTail::kPause;
  EXPECT_FALSE(due_.look(160, true, now_ + Micros{1}));
  EXPECT_FALSE(due_.look(240, true, end - Micros{1}));
  EXPECT_EQ(due_.offset(), 80U);
  EXPECT_EQ(due_.seen(), 240U);
  EXPECT_EQ(due_.due_at(), end) << "the later ones do not put it off";
  EXPECT_TRUE(due_.look(240, true, end));
  EXPECT_EQ(due_.offset(), 240U);
}

TEST_F(DueTailTest, AnUrgentRecordEndsTheDelay) {
  EXPECT_TRUE(due_.look(80, true, now_));
  EXPECT_FALSE(due_.look(160, true, now_));
  EXPECT_TRUE(due_.look(240, false, now_));
  EXPECT_EQ(due_.offset(), 240U);
  EXPECT_FALSE(due_.is_behind());
}

TEST_F(DueTailTest, DelayedRecordsAreDueWhenThePauseEnds) {
  EXPECT_TRUE(due_.look(80, true, now_));
  EXPECT_FALSE(due_.look(160, true, now_));
  EXPECT_TRUE(due_.look(160, false, now_));
  EXPECT_EQ(due_.offset(), 160U);
}

TEST_F(DueTailTest, AnUnchangedLogIsNotDue) {
  EXPECT_TRUE(due_.look(80, true, now_));
  EXPECT_FALSE(due_.look(80, false, now_ + DueTail::kPause * 2));
}

}  // namespace
}  // namespace chatd::worker
