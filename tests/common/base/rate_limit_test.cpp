// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/rate_limit.hpp"

#include <gtest/gtest.h>

namespace chatd {
namespace {

MonoTime at(Micros time) { return MonoTime{time}; }

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateLimit, AdmitsTheBurstThenTheRate) {
  const RateLimit limit{5, 20};
  std::int64_t arrival = 0;
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(limit.refuse(arrival, at(seconds{100}))) << i;
  EXPECT_EQ(limit.refuse(arrival, at(seconds{100})), milliseconds{200});
  EXPECT_FALSE(limit.refuse(arrival, at(seconds{100} + milliseconds{200})));
  EXPECT_TRUE(limit.refuse(arrival, at(seconds{100} + milliseconds{399})));
  EXPECT_FALSE(limit.refuse(arrival, at(seconds{100} + milliseconds{400})));
}

TEST(RateLimit, TheWholeBurstIsBackAfterAPause) {
  const RateLimit limit{5, 3};
  std::int64_t arrival = 0;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.refuse(arrival, at(seconds{100})));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.refuse(arrival, at(seconds{101}))) << i;
  EXPECT_TRUE(limit.refuse(arrival, at(seconds{101})));
}

TEST(RateLimit, RepeatedRequestsDoNotLengthenTheWait) {
  const RateLimit limit{1, 1};
  std::int64_t arrival = 0;
  EXPECT_FALSE(limit.refuse(arrival, at(seconds{100})));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limit.refuse(arrival, at(seconds{100})), seconds{1});
  EXPECT_FALSE(limit.refuse(arrival, at(seconds{101})));
}

TEST(RateLimit, AdmitsAfterTheReportedWait) {
  const RateLimit limit{3, 4};
  std::int64_t arrival = 0;
  std::chrono::microseconds time = seconds{1};
  unsigned admitted = 0;
  while (time < seconds{61}) {
    if (const auto wait = limit.refuse(arrival, at(time))) {
      time += *wait;
      ASSERT_FALSE(limit.refuse(arrival, at(time)));
    }
    ++admitted;
  }
  EXPECT_NEAR(admitted, 4 + 3 * 60, 1);
}

TEST(RateLimit, ZeroIsNoLimit) {
  for (const auto& limit : {RateLimit{0, 20}, RateLimit{5, 0}}) {
    std::int64_t arrival = 0;
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(limit.refuse(arrival, at(seconds{1})));
  }
}

TEST(RateLimit, CountsAtTheLimitsOfTheConfiguration) {
  std::int64_t arrival = 0;
  const RateLimit slow{0.01, 100000};
  for (int i = 0; i < 100000; ++i) ASSERT_FALSE(slow.refuse(arrival, at(seconds{1})));
  EXPECT_EQ(slow.refuse(arrival, at(seconds{1})), seconds{100});
  arrival = 0;
  const RateLimit fast{100000, 1};
  EXPECT_FALSE(fast.refuse(arrival, at(seconds{1})));
  EXPECT_EQ(fast.refuse(arrival, at(seconds{1})), std::chrono::microseconds{10});
}

TEST(RateLimit, AfterAHoldAdmitsOneEventThenAtTheRate) {
  const RateLimit limit{5, 20};
  std::int64_t arrival = 0;
  limit.hold(arrival, at(seconds{10}), milliseconds{150});
  EXPECT_EQ(limit.refuse(arrival, at(seconds{10})), milliseconds{150});
  EXPECT_FALSE(limit.refuse(arrival, at(milliseconds{10'150})));
  EXPECT_EQ(limit.refuse(arrival, at(milliseconds{10'150})), milliseconds{200});
}

TEST(RateLimit, AHigherRateAppliesAtOnceAfterALowerOneWasUsedUp) {
  const RateLimit slow{0.01, 20};
  std::int64_t arrival = 0;
  for (int i = 0; i < 20; ++i) ASSERT_FALSE(slow.refuse(arrival, at(seconds{10})));
  EXPECT_EQ(slow.refuse(arrival, at(seconds{10})), seconds{100});
  const RateLimit quick{5, 20};
  EXPECT_EQ(quick.refuse(arrival, at(seconds{10})), milliseconds{200});
  EXPECT_FALSE(quick.refuse(arrival, at(milliseconds{10'200})));
}

TEST(RateLimit, AnIntervalIsRoundedUpToWholeMicroseconds) {
  for (const double per_second : {600'000.0, 400'000.0, 30'000.0, 0.7}) {
    const RateLimit limit{per_second, 1};
    std::int64_t arrival = 0;
    std::int64_t admitted = 0;
    Micros time = seconds{1};
    while (admitted < 1000) {
      if (const auto wait = limit.refuse(arrival, at(time))) {
        time += *wait;
      } else {
        ++admitted;
      }
    }
    const double took = static_cast<double>((time - Micros{seconds{1}}).count()) / 1e6;
    EXPECT_LE(static_cast<double>(admitted - 1), took * per_second + 1e-6) << per_second;
  }
}

}  // namespace
}  // namespace chatd
