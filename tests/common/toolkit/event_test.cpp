// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/event.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/toolkit/shared_value.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class EventTest : public test::LeakCheck {
 protected:
  Event event_ = Event::create().value();
};

TEST_F(EventTest, IsSetAndCleared) {
  EXPECT_FALSE(event_.is_set());
  event_.set();
  EXPECT_TRUE(event_.is_set());
  event_.set();
  EXPECT_TRUE(event_.is_set()) << "twice is once";
  event_.clear();
  EXPECT_FALSE(event_.is_set());
  event_.clear();
  EXPECT_FALSE(event_.is_set());
}

TEST_F(EventTest, WaitTimesOutIfNotSet) {
  EXPECT_FALSE(event_.wait(kNoWait));
  EXPECT_FALSE(event_.wait(milliseconds{5}));
  event_.set();
  EXPECT_TRUE(event_.wait(kNoWait));
  EXPECT_TRUE(event_.wait());
}

TEST_F(EventTest, WakesAnotherProcess) {
  Process waiter{[this] { return event_.wait(seconds{30}) ? 0 : 1; }};
  ASSERT_TRUE(waiter.start().has_value());
  event_.set();
  EXPECT_TRUE(waiter.join(seconds{30}).value_or(false));
  EXPECT_TRUE(waiter.exit_status()->succeeded());
}

TEST_F(EventTest, WakesAllThreads) {
  std::atomic<int> woken{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { woken += event_.wait(seconds{30}) ? 1 : 0; });
    }
    event_.set();
  }
  EXPECT_EQ(woken, 4);
}

TEST_F(EventTest, TwoProcessesTakeTurns) {
  auto answer = Event::create().value();
  Process waiter{[&] {
    for (int i = 0; i < 200; ++i) {
      if (!event_.wait(seconds{30})) return 1;
      event_.clear();
      answer.set();
    }
    return 0;
  }};
  ASSERT_TRUE(waiter.start().has_value());
  for (int i = 0; i < 200; ++i) {
    event_.set();
    ASSERT_TRUE(answer.wait(seconds{30})) << i;
    answer.clear();
  }
  EXPECT_TRUE(waiter.join(seconds{30}).value_or(false));
  EXPECT_TRUE(waiter.exit_status()->succeeded());
}

}  // namespace
}  // namespace chatd::process
