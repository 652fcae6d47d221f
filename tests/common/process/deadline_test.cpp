// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/deadline.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::process {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Deadline, KForeverNeverPasses) {
  EXPECT_TRUE(Deadline{kForever}.is_never());
  EXPECT_FALSE(Deadline{kForever}.has_passed());
  EXPECT_TRUE(Deadline{milliseconds::max()}.is_never()) << "must not overflow";
}

TEST(Deadline, ZeroAndNegativeTimeoutsHavePassedAtOnce) {
  EXPECT_TRUE(Deadline{kNoWait}.has_passed());
  const Deadline past{milliseconds{-5}};
  EXPECT_TRUE(past.has_passed());
  EXPECT_EQ(past.remaining().tv_sec, 0);
  EXPECT_EQ(past.remaining().tv_nsec, 0);
}

TEST(Deadline, CountsDown) {
  const Deadline far{hours{1}};
  EXPECT_FALSE(far.has_passed());
  EXPECT_GT(far.remaining().tv_sec, 3500);
  EXPECT_LE(far.remaining().tv_sec, 3600);
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  EXPECT_GT(far.absolute().tv_sec, now.tv_sec + 3500);
  EXPECT_LE(far.absolute().tv_sec, now.tv_sec + 3601);
}

TEST(Deadline, WaitsForADescriptor) {
  const UniqueFd fd{::eventfd(0, EFD_CLOEXEC)};
  EXPECT_FALSE(wait_for_events(fd.get(), POLLIN, Deadline{kNoWait}).value());
  EXPECT_FALSE(wait_for_events(fd.get(), POLLIN, Deadline{milliseconds{5}}).value());
  EXPECT_TRUE(wait_for_events(fd.get(), POLLOUT, Deadline{kForever}).value());
}

TEST(Deadline, ATimeoutHasItsOwnCode) {
  const Error error = timed_out("take a number");
  EXPECT_TRUE(is_timeout(error));
  EXPECT_EQ(error.message(), "take a number: Connection timed out");
  EXPECT_FALSE(is_timeout(Error{"other"}));
}

}  // namespace
}  // namespace chatd::process
