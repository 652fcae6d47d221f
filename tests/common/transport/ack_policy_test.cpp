// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/ack_policy.hpp"

#include <gmock/gmock.h>

namespace chatd::transport {
namespace {

using std::chrono::milliseconds;
using wire::AckWish;

class AckPolicyTest : public ::testing::Test {
 protected:
  // How many datagrams, a millisecond apart, until an acknowledgement is due.
  int datagrams_until_due(AckWish wish, double jitter) {
    for (int count = 1;; ++count, now_ += milliseconds{1}) {
      policy_.on_data({.bytes = 100, .fresh = true, .new_hole = false, .wish = wish}, now_, jitter);
      if (!policy_.is_due(now_)) continue;
      policy_.on_acked(false, {}, now_);
      return count;
    }
  }
  Micros delay_of(AckWish wish, double jitter) {
    policy_.on_data({.bytes = 100, .fresh = true, .new_hole = false, .wish = wish}, now_, jitter);
    const Micros delay = policy_.deadline() - now_;
    policy_.on_acked(false, {}, now_);
    return delay;
  }
  AckPolicy policy_{256U << 10U};
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(AckPolicyTest, OneDatagramIsAcknowledgedWithinTheDelayThatItsSenderWishes) {
  EXPECT_EQ(delay_of(AckWish::usual, 0), kMaxAckDelay / 2);
  EXPECT_LE(delay_of(AckWish::usual, 0.999), kMaxAckDelay);
  EXPECT_EQ(delay_of(AckWish::later, 0), kSteadyAckDelay / 2);
  EXPECT_LE(delay_of(AckWish::later, 0.999), kSteadyAckDelay);
  EXPECT_EQ(delay_of(AckWish::hurry, 0), kHurriedAckDelay / 2);
}

TEST_F(AckPolicyTest, ManyDatagramsAreAcknowledgedBeforeTheDelay) {
  EXPECT_EQ(datagrams_until_due(AckWish::usual, 0), 8);
  EXPECT_EQ(datagrams_until_due(AckWish::later, 0), 32);
  // The members' turns are spread.
  EXPECT_EQ(datagrams_until_due(AckWish::later, 0.5), 48);
}

TEST_F(AckPolicyTest, AnUrgentWishShortensAnEarlierOne) {
  policy_.on_data({.bytes = 1, .fresh = true, .new_hole = false, .wish = AckWish::later}, now_, 0);
  policy_.on_data({.bytes = 1, .fresh = true, .new_hole = false, .wish = AckWish::hurry}, now_, 0);
  EXPECT_EQ(policy_.deadline() - now_, kHurriedAckDelay / 2);
}

TEST_F(AckPolicyTest, AHoleIsReportedAtOnceWithAnyWish) {
  policy_.on_data({.bytes = 1, .fresh = true, .new_hole = true, .wish = AckWish::later}, now_, 0);
  EXPECT_TRUE(policy_.is_due(now_));
}

TEST_F(AckPolicyTest, ADuplicateIsAcknowledgedAtOnce) {
  policy_.on_data({.bytes = 1, .fresh = false, .new_hole = false, .wish = AckWish::later}, now_, 0);
  EXPECT_TRUE(policy_.is_due(now_));
}

}  // namespace
}  // namespace chatd::transport
