// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_head.hpp"

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

class RoomHeadTest : public ::testing::Test {
 protected:
  void grow() { head_.log.tail += 64; }
  RoomHead head_{};
};

TEST_F(RoomHeadTest, CountedJoinsAndLeavesAreToldOnce) {
  EXPECT_EQ(untold(head_), (wire::Crowd{}));
  count_join(head_.crowd);
  count_join(head_.crowd);
  count_leave(head_.crowd);
  EXPECT_EQ(counted(head_.crowd), 3U);
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 2, .left = 1}));
  EXPECT_EQ(begin_telling(head_), (wire::Crowd{.joined = 2, .left = 1}));
  grow();
  end_telling(head_.crowd);
  EXPECT_EQ(untold(head_), (wire::Crowd{}));
  count_leave(head_.crowd);
  EXPECT_EQ(begin_telling(head_), (wire::Crowd{.left = 1}));
}

TEST_F(RoomHeadTest, NumbersInARecordAreToldAlsoIfItsWriterWasKilledBehindIt) {
  count_join(head_.crowd);
  (void)begin_telling(head_);
  grow();
  EXPECT_EQ(untold(head_), (wire::Crowd{}));
  adopt_crowd(head_);
  count_join(head_.crowd);
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 1}));
}

TEST_F(RoomHeadTest, NumbersWithoutARecordAreNotToldAlsoIfTheLogGrowsLater) {
  count_join(head_.crowd);
  (void)begin_telling(head_);
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 1}));
  adopt_crowd(head_);
  grow();
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 1}));
  adopt_crowd(head_);
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 1}));
}

TEST_F(RoomHeadTest, TheNumbersWrap) {
  count_join(head_.crowd, 0xFFFF'FFFF);
  (void)begin_telling(head_);
  grow();
  end_telling(head_.crowd);
  count_join(head_.crowd);
  count_join(head_.crowd);
  EXPECT_EQ(untold(head_), (wire::Crowd{.joined = 2}));
}

TEST_F(RoomHeadTest, ANewRoomHasCountedNothing) {
  count_join(head_.crowd);
  (void)begin_telling(head_);
  grow();
  count_leave(head_.crowd);
  clear(head_.crowd);
  EXPECT_EQ(counted(head_.crowd), 0U);
  EXPECT_EQ(untold(head_), (wire::Crowd{}));
}

}  // namespace
}  // namespace chatd::state
