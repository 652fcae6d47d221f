// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_board.hpp"

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/process/shared_memory.hpp"

namespace chatd::process {
namespace {

class PoolBoardTest : public ::testing::Test {
 protected:
  static TaskNotice notice(TaskId id) { return {.id = id, .entry = nullptr, .call_follows = true}; }
  SharedObject<TaskBoard> board_ =
      SharedObject<TaskBoard>::create(TaskBoard::capacity(), TaskBoard::capacity()).value();
  Bytes call_;
};

TEST_F(PoolBoardTest, TasksAreTakenInOrderWithTheirCalls) {
  const Bytes call(5, std::byte{7});
  ASSERT_TRUE(board_->try_put(notice(1), call));
  ASSERT_TRUE(board_->try_put({.id = 2, .entry = nullptr, .call_follows = false}, call));
  EXPECT_EQ(board_->take(0, call_)->id, 1U);
  EXPECT_EQ(call_, call);
  const auto second = board_->take(0, call_);
  EXPECT_EQ(second->id, 2U);
  EXPECT_FALSE(second->call_follows);
  EXPECT_TRUE(call_.empty());
}

TEST_F(PoolBoardTest, AClosedBoardIsEmptiedFirst) {
  ASSERT_TRUE(board_->try_put(notice(1), {}));
  board_->close();
  EXPECT_TRUE(board_->take(0, call_).has_value());
  EXPECT_FALSE(board_->take(0, call_).has_value());
}

TEST_F(PoolBoardTest, AFullBoardRefusesATask) {
  const Bytes call(TaskBoard::max_call_size());
  TaskId id = 0;
  while (board_->try_put(notice(++id), call)) ASSERT_LT(id, 100U);
  EXPECT_GE(id, 4U);
  EXPECT_TRUE(board_->take(0, call_).has_value());
  EXPECT_TRUE(board_->try_put(notice(id), call));
}

TEST_F(PoolBoardTest, KnowsTheTaskThatAWorkerHolds) {
  EXPECT_EQ(board_->held_by(3), kNoTask);
  ASSERT_TRUE(board_->try_put(notice(1), {}));
  EXPECT_TRUE(board_->take(3, call_).has_value());
  EXPECT_EQ(board_->held_by(3), 1U);
  EXPECT_EQ(board_->held_by(2), kNoTask);
  board_->finish(3);
  EXPECT_EQ(board_->held_by(3), kNoTask);
}

}  // namespace
}  // namespace chatd::process
