// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/unread_mark.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class UnreadMarkTest : public ::testing::Test {
 protected:
  bool take() { return mark_.take_first(now_); }

  UnreadMark mark_;
  MonoTime now_{hours{1}};
};

TEST_F(UnreadMarkTest, AUserThatReadsNeedsNone) {
  EXPECT_FALSE(take());
  now_ += seconds{30};
  EXPECT_FALSE(take());
}

TEST_F(UnreadMarkTest, IsBeforeTheFirstLineOfAStop) {
  mark_.stop();
  EXPECT_TRUE(take());
  EXPECT_FALSE(take()) << "once";
  mark_.go_on(now_);
  EXPECT_FALSE(take());
  mark_.stop();
  mark_.go_on(now_);
  EXPECT_FALSE(take()) << "no line came";
}

TEST_F(UnreadMarkTest, IsBeforeTheFirstLineWithoutFocus) {
  mark_.set_focus(false, now_);
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
  mark_.set_focus(true, now_);
  EXPECT_FALSE(take());
  now_ += 2 * UnreadMark::kIdleTime;
  EXPECT_FALSE(take()) << "the focus is known: the user reads";
  mark_.set_focus(false, now_);
  EXPECT_TRUE(take());
}

TEST_F(UnreadMarkTest, AnEnteredLineShowsThatTheUserReads) {
  mark_.set_focus(false, now_);
  EXPECT_TRUE(take());
  mark_.note_entered(now_);
  EXPECT_FALSE(take());
}

TEST_F(UnreadMarkTest, IsAfterALongTimeWithoutALineOfTheUser) {
  mark_.note_entered(now_);
  now_ += UnreadMark::kIdleTime - Micros{1};
  EXPECT_FALSE(take());
  now_ += Micros{1};
  EXPECT_TRUE(take());
  now_ += UnreadMark::kIdleTime;
  EXPECT_FALSE(take()) << "once";
  mark_.note_entered(now_);
  EXPECT_FALSE(take());
  now_ += UnreadMark::kIdleTime;
  EXPECT_TRUE(take());
}

TEST_F(UnreadMarkTest, TheTimeBeginsWithTheFirstLine) {
  now_ += hours{1};
  EXPECT_FALSE(take());
  now_ += UnreadMark::kIdleTime;
  EXPECT_TRUE(take());
}

}  // namespace
}  // namespace chatd::client
