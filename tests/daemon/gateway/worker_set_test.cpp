// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/worker_set.hpp"

#include <gtest/gtest.h>

namespace chatd::gateway {
namespace {

using state::Slot;

TEST(WorkerSetTest, HasTheWorkerOfASession) {
  WorkerSet set{3};
  EXPECT_TRUE(set.is_empty());
  set.add_worker_of(Slot{4});
  EXPECT_FALSE(set.is_empty());
  EXPECT_FALSE(set.has(0));
  EXPECT_TRUE(set.has(1));
  EXPECT_FALSE(set.has(2));
  set.clear();
  EXPECT_TRUE(set.is_empty());
  EXPECT_FALSE(set.has(1));
}

TEST(WorkerSetTest, AddAllAddsEveryWorker) {
  WorkerSet set{state::kMaxWorkers};
  set.add_all();
  EXPECT_TRUE(set.has(0));
  EXPECT_TRUE(set.has(state::kMaxWorkers - 1));
  EXPECT_FALSE(set.has(state::kMaxWorkers));
}

TEST(WorkerSetTest, ZeroWorkersCountAsOneWorker) {
  WorkerSet set{0};
  set.add_worker_of(Slot{7});
  EXPECT_TRUE(set.has(0));
}

}  // namespace
}  // namespace chatd::gateway
