// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/minute_figures.hpp"

#include <gtest/gtest.h>

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

MonoTime at(int second) { return MonoTime{seconds{100 + second}}; }

TEST(MinuteFiguresTest, KnowsNothingBeforeTheFirstSample) {
  EXPECT_EQ(MinuteFigures{}.until({.messages = 7}, at(0)), wire::LastMinute{});
}

TEST(MinuteFiguresTest, IsTheGrowthSinceTheOldestSample) {
  MinuteFigures figures;
  figures.sample({.messages = 5, .joins = 1}, at(0));
  const auto grown = figures.until({.messages = 12,
                                    .lines_delivered = 3,
                                    .joins = 2,
                                    .leaves = 4,
                                    .logins_refused = 5,
                                    .dropped = 6},
                                   at(10));
  EXPECT_EQ(grown, (wire::LastMinute{.span = seconds{10},
                                     .messages = 7,
                                     .lines_delivered = 3,
                                     .joins = 1,
                                     .leaves = 4,
                                     .logins_refused = 5,
                                     .dropped = 6}));
}

TEST(MinuteFiguresTest, ForgetsSamplesOlderThanAMinute) {
  MinuteFigures figures;
  for (int second = 0; second < 200; ++second) {
    figures.sample({.messages = static_cast<std::uint64_t>(second)}, at(second));
  }
  const auto grown = figures.until({.messages = 200}, at(200));
  EXPECT_EQ(grown.span, seconds{60});
  EXPECT_EQ(grown.messages, 60U);
}

// A request comes between two samples, at any time.
TEST(MinuteFiguresTest, CoversAMinuteAtEachMomentOfASecond) {
  MinuteFigures figures;
  for (int second = 0; second <= 200; ++second) {
    figures.sample({.messages = static_cast<std::uint64_t>(second)}, at(second));
  }
  for (const int thousandth : {0, 1, 500, 999}) {
    const auto grown = figures.until({.messages = 200}, at(200) + milliseconds{thousandth});
    EXPECT_EQ(grown.span, seconds{60}) << thousandth;
    EXPECT_EQ(grown.messages, 60U) << thousandth;
  }
}

TEST(MinuteFiguresTest, CoversAMinuteIfAllSamplesAreEarly) {
  MinuteFigures figures;
  MonoTime now = at(0);
  for (int i = 0; i < 300; ++i, now += milliseconds{900}) figures.sample({}, now);
  EXPECT_EQ(figures.until({}, now).span, seconds{60});
}

TEST(MinuteFiguresTest, ALateSampleMakesTheSpanLonger) {
  MinuteFigures figures;
  figures.sample({.messages = 1}, at(0));
  figures.sample({.messages = 2}, at(70));
  const auto grown = figures.until({.messages = 3}, at(71));
  EXPECT_EQ(grown.span, seconds{71});
  EXPECT_EQ(grown.messages, 2U);
}

TEST(MinuteFiguresTest, IgnoresFurtherSamplesOfASecond) {
  MinuteFigures figures;
  for (int i = 0; i < 1000; ++i) figures.sample({}, at(0) + Micros{i});
  EXPECT_EQ(figures.until({.messages = 1}, at(30)).messages, 1U);
  EXPECT_EQ(figures.until({}, at(30)).span, seconds{30});
}

TEST(MinuteFiguresTest, ATimerThatIsALittleEarlyDoesNotMakeTheMinuteLonger) {
  MinuteFigures figures;
  for (int second = 0; second < 200; ++second) {
    const Micros early{second % 2 == 0 ? 0 : -50};
    figures.sample({}, at(second) + early);
  }
  EXPECT_EQ(figures.until({}, at(200)).span, seconds{60});
}

}  // namespace
}  // namespace chatd::gateway
