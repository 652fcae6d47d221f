// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/semaphore.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/toolkit/shared_value.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SemaphoreTest : public test::LeakCheck {};

TEST_F(SemaphoreTest, CountsUnits) {
  auto semaphore = Semaphore::create(2).value();
  EXPECT_EQ(semaphore.value(), 2U);
  EXPECT_TRUE(semaphore.acquire().has_value());
  EXPECT_TRUE(semaphore.acquire(kNoWait).has_value());
  EXPECT_EQ(semaphore.value(), 0U);
  EXPECT_TRUE(is_timeout(semaphore.acquire(kNoWait).error()));
  EXPECT_TRUE(is_timeout(semaphore.acquire(milliseconds{5}).error()));
  EXPECT_TRUE(semaphore.release(3).has_value());
  EXPECT_EQ(semaphore.value(), 3U);
}

TEST_F(SemaphoreTest, RefusesToOverflow) {
  EXPECT_FALSE(Semaphore::create(Semaphore::kMaxValue + 1).has_value());
  auto semaphore = Semaphore::create(Semaphore::kMaxValue).value();
  auto released = semaphore.release();
  ASSERT_FALSE(released.has_value());
  EXPECT_EQ(released.error().code(), EOVERFLOW);
  EXPECT_EQ(semaphore.value(), Semaphore::kMaxValue);
}

TEST_F(SemaphoreTest, ReleaseWakesAnotherProcess) {
  auto semaphore = Semaphore::create(0).value();
  Process waiter{[&] { return semaphore.acquire(seconds{30}) ? 0 : 1; }};
  ASSERT_TRUE(waiter.start().has_value());
  ASSERT_TRUE(semaphore.release().has_value());
  EXPECT_TRUE(waiter.join(seconds{30}).value_or(false));
  EXPECT_TRUE(waiter.exit_status()->succeeded());
  EXPECT_EQ(semaphore.value(), 0U);
}

struct Crowd {
  int inside;
  int most;
};

TEST_F(SemaphoreTest, NeverAdmitsMoreThanItsValue) {
  auto semaphore = Semaphore::create(2).value();
  auto crowd = SharedValue<Crowd>::create().value();
  std::vector<std::unique_ptr<Process>> visitors;
  for (int i = 0; i < 6; ++i) {
    visitors.push_back(std::make_unique<Process>([&] {
      for (int visit = 0; visit < 300; ++visit) {
        if (!semaphore.acquire(seconds{30})) return 1;
        crowd.update([](Crowd& now) { now.most = std::max(now.most, ++now.inside); });
        crowd.update([](Crowd& now) { --now.inside; });
        if (!semaphore.release()) return 2;
      }
      return 0;
    }));
    ASSERT_TRUE(visitors.back()->start().has_value());
  }
  for (auto& visitor : visitors) {
    EXPECT_TRUE(visitor->join(seconds{60}).value_or(false));
    EXPECT_TRUE(visitor->exit_status()->succeeded());
  }
  EXPECT_EQ(semaphore.value(), 2U);
  EXPECT_EQ(crowd.get().inside, 0);
  EXPECT_LE(crowd.get().most, 2);
  EXPECT_GE(crowd.get().most, 1);
}

}  // namespace
}  // namespace chatd::process
