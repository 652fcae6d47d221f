// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/wait_word.hpp"

#include <gtest/gtest.h>

#include "common/process/process.hpp"
#include "common/process/shared_memory.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WaitWordTest : public test::LeakCheck {
 protected:
  SharedObject<WaitWord> word_ = SharedObject<WaitWord>::create(0).value();
};

TEST_F(WaitWordTest, TimesOut) {
  const auto ticket = word_->enroll();
  EXPECT_FALSE(word_->wait(ticket, Deadline{kNoWait}));
  EXPECT_FALSE(word_->wait(ticket, Deadline{milliseconds{5}}));
}

TEST_F(WaitWordTest, AWakeUpBetweenEnrollingAndWaitingIsNotMissed) {
  const auto ticket = word_->enroll();
  word_->wake_all();
  EXPECT_TRUE(word_->wait(ticket, Deadline{kForever}));
  // The hint is cleared: no process sleeps, so none is woken.
  const auto next = word_->enroll();
  EXPECT_NE(next, ticket);
}

TEST_F(WaitWordTest, WakesAnotherProcess) {
  const auto ticket = word_->enroll();
  Process sleeper{[&] { return word_->wait(ticket, Deadline{seconds{30}}) ? 0 : 1; }};
  ASSERT_TRUE(sleeper.start().has_value());
  word_->wake_all();
  ASSERT_TRUE(sleeper.join(seconds{60}).value_or(false));
  EXPECT_TRUE(sleeper.exit_status()->succeeded());
}

}  // namespace
}  // namespace chatd::process
