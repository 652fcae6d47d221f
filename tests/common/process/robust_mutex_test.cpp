// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/robust_mutex.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/process/shared_memory.hpp"
#include "common/toolkit/event.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RobustMutexTest : public test::LeakCheck {
 protected:
  struct State {
    RobustMutex mutex;
    long guarded{0};
  };
  SharedObject<State> state_ = SharedObject<State>::create(0).value();
};

TEST_F(RobustMutexTest, ExcludesOtherProcesses) {
  std::vector<std::unique_ptr<Process>> counters;
  for (int i = 0; i < 4; ++i) {
    counters.push_back(std::make_unique<Process>([this] {
      for (int n = 0; n < 5000; ++n) {
        state_->mutex.lock();
        ++state_->guarded;
        state_->mutex.unlock();
      }
      return 0;
    }));
    ASSERT_TRUE(counters.back()->start().has_value());
  }
  for (auto& counter : counters) ASSERT_TRUE(counter->join(seconds{60}).value_or(false));
  EXPECT_EQ(state_->guarded, 20000);
}

TEST_F(RobustMutexTest, TimesOutWhileHeld) {
  auto held = Event::create().value();
  Process holder{{.name = "holder", .daemon = true}, [&] {
                   state_->mutex.lock();
                   held.set();
                   return ::pause();
                 }};
  ASSERT_TRUE(holder.start().has_value());
  ASSERT_TRUE(held.wait(seconds{30}));
  EXPECT_FALSE(state_->mutex.lock(Deadline{kNoWait}));
  EXPECT_FALSE(state_->mutex.lock(Deadline{milliseconds{5}}));
  ASSERT_TRUE(holder.kill().has_value());
  EXPECT_TRUE(state_->mutex.lock(Deadline{seconds{30}}));
  state_->mutex.unlock();
}

TEST_F(RobustMutexTest, TheNextHolderRepairsAfterADeath) {
  const auto die_holding = [](auto& mutex) {
    Process holder{[&] {
      mutex.lock();
      return 0;  // ends without unlocking
    }};
    ASSERT_TRUE(holder.start().has_value());
    ASSERT_TRUE(holder.join(seconds{30}).value_or(false));
  };
  die_holding(state_->mutex);
  // If a repairer dies in its repair, the next holder repairs.
  Process repairer{[this] { return state_->mutex.lock(Deadline{kForever}, [] { ::_exit(9); }); }};
  ASSERT_TRUE(repairer.start().has_value());
  ASSERT_TRUE(repairer.join(seconds{30}).value_or(false));
  EXPECT_EQ(repairer.exit_status()->code, 9);
  int repairs = 0;
  ASSERT_TRUE(state_->mutex.lock(Deadline{kForever}, [&] { ++repairs; }));
  state_->mutex.unlock();
  ASSERT_TRUE(state_->mutex.lock(Deadline{kForever}, [&] { ++repairs; }));
  state_->mutex.unlock();
  EXPECT_EQ(repairs, 1);
}

}  // namespace
}  // namespace chatd::process
