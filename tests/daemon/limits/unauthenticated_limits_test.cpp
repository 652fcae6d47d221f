// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/unauthenticated_limits.hpp"

#include <gmock/gmock.h>

#include "tests/support/log_lines.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class UnauthenticatedLimitsTest : public ::testing::Test {
 protected:
  unsigned admitted(UnauthenticatedLimits& limits, unsigned tries) const {
    unsigned count = 0;
    for (unsigned i = 0; i < tries; ++i) count += limits.admit(now_) ? 1U : 0U;
    return count;
  }
  test::LogLines log_;
  state::GatewayCounters counters_{};
  FloodLog floods_;
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(UnauthenticatedLimitsTest, AdmitsHalfASecondsBurstAndCountsTheDroppedRest) {
  UnauthenticatedLimits limits{1000, 42, counters_, floods_};
  EXPECT_EQ(admitted(limits, 2000), 500U);
  EXPECT_EQ(counters_.datagrams_dropped_overload.load(), 1500U);
  floods_.finish(now_);
  EXPECT_THAT(log_.messages(), ::testing::ElementsAre(
                                   "flood: 1500 datagrams of unauthenticated peers dropped in 1 s "
                                   "(limit: limits.unauthenticated_per_second)"));
}

TEST_F(UnauthenticatedLimitsTest, AdmitsTheConfiguredRateOverTime) {
  UnauthenticatedLimits limits{1000, 42, counters_, floods_};
  (void)admitted(limits, 2000);
  unsigned count = 0;
  for (int i = 0; i < 1000; ++i) {
    now_ += milliseconds{1};
    count += admitted(limits, 200);
  }
  EXPECT_EQ(count, 1000U);
  now_ += seconds{10};
  EXPECT_EQ(admitted(limits, 2000), 500U) << "and after a pause as many at once";
}

TEST_F(UnauthenticatedLimitsTest, ZeroIsNoLimit) {
  UnauthenticatedLimits limits{0, 42, counters_, floods_};
  EXPECT_EQ(admitted(limits, 100'000), 100'000U);
  EXPECT_EQ(counters_.datagrams_dropped_overload.load(), 0U);
}

TEST_F(UnauthenticatedLimitsTest, LimitsNewSessionsOfEachNetworkButNotOfThisMachine) {
  UnauthenticatedLimits limits{0, 42, counters_, floods_};
  const auto let_in = [&](const char* from, unsigned tries) {
    unsigned count = 0;
    for (unsigned i = 0; i < tries; ++i) {
      count += limits.may_begin(test::endpoint(from).address, Proof::cookie, now_) ? 1U : 0U;
    }
    return count;
  };
  EXPECT_EQ(let_in("192.0.2.1:0", 1000), 500U);
  EXPECT_EQ(let_in("192.0.2.2:0", 1), 1U);
  EXPECT_EQ(let_in("[2001:db8::1]:0", 500), 500U);
  EXPECT_EQ(let_in("[2001:db8::2]:0", 1), 0U) << "a host has a /64";
  EXPECT_EQ(let_in("127.0.0.1:0", 1000), 1000U);
  now_ += seconds{1};
  EXPECT_EQ(let_in("192.0.2.1:0", 1000), 100U);
}

TEST_F(UnauthenticatedLimitsTest, RemoteTextSessionsShareOneLimit) {
  UnauthenticatedLimits limits{0, 42, counters_, floods_};
  IpAddress from = test::endpoint("10.0.0.0:0").address;
  const auto let_in = [&](unsigned tries) {
    unsigned count = 0;
    for (unsigned i = 0; i < tries; ++i) {
      from.bytes[13] = static_cast<std::uint8_t>(i / 65536);
      from.bytes[14] = static_cast<std::uint8_t>(i / 256);
      from.bytes[15] = static_cast<std::uint8_t>(i);
      count += limits.may_begin(from, Proof::none, now_) ? 1U : 0U;
    }
    return count;
  };
  EXPECT_EQ(let_in(100'000), 500U);
  EXPECT_TRUE(limits.may_begin(test::endpoint("127.0.0.1:0").address, Proof::none, now_));
  EXPECT_TRUE(limits.may_begin(test::endpoint("192.0.2.1:0").address, Proof::cookie, now_))
      << "what may be forged takes nothing of what is proved";
  now_ += seconds{1};
  EXPECT_EQ(let_in(100'000), 100U);
}

TEST_F(UnauthenticatedLimitsTest, AForgedTextFloodDoesNotBlockLocalTextOrNativeClients) {
  UnauthenticatedLimits limits{1000, 42, counters_, floods_};
  while (limits.admit_text(test::endpoint("192.0.2.1:0").address, now_)) {
  }
  EXPECT_TRUE(limits.admit_text(test::endpoint("127.0.0.1:0").address, now_));
  EXPECT_TRUE(limits.admit_text(test::endpoint("[::1]:0").address, now_));
  EXPECT_EQ(admitted(limits, 1000), 500U);
}

TEST_F(UnauthenticatedLimitsTest, TextRepliesToOtherMachinesShareOneLimit) {
  UnauthenticatedLimits limits{0, 42, counters_, floods_};
  IpAddress from = test::endpoint("10.0.0.0:0").address;
  unsigned answers = 0;
  for (unsigned i = 0; i < 10'000; ++i) {
    from.bytes[14] = static_cast<std::uint8_t>(i / 256);
    from.bytes[15] = static_cast<std::uint8_t>(i);
    answers += limits.may_answer_text(from, now_) ? 1U : 0U;
  }
  EXPECT_EQ(answers, 1000U);
  EXPECT_EQ(counters_.answers_suppressed.load(), 9000U);
  EXPECT_TRUE(limits.may_answer_text(test::endpoint("127.0.0.1:0").address, now_));
}

TEST_F(UnauthenticatedLimitsTest, LimitsRepliesToEachAddressAndCountsTheSuppressed) {
  UnauthenticatedLimits limits{0, 42, counters_, floods_};
  const IpAddress loud = test::endpoint("192.0.2.1:0").address;
  unsigned answers = 0;
  for (int i = 0; i < 150; ++i) answers += limits.may_answer(loud, Proof::none, now_) ? 1U : 0U;
  EXPECT_EQ(answers, 100U);
  EXPECT_EQ(counters_.answers_suppressed.load(), 50U);
  EXPECT_TRUE(limits.may_answer(test::endpoint("192.0.2.2:0").address, Proof::none, now_));
}

}  // namespace
}  // namespace chatd::gateway
