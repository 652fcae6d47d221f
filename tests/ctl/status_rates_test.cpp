// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/status_rates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

MonoTime at(int second) { return MonoTime{seconds{second}}; }

wire::StatusReport report_with(std::uint64_t messages, std::uint64_t sent) {
  return {.started = kNow, .counters = {{"messages", messages}, {"datagrams_sent", sent}}};
}

TEST(StatusRates, AreTheGrowthPerSecondSinceTheLastReport) {
  StatusRates rates;
  EXPECT_THAT(rates.take(report_with(10, 100), at(0)), IsEmpty());
  const Rates first = rates.take(report_with(15, 100), at(2));
  EXPECT_DOUBLE_EQ(rate_of(first, "messages"), 2.5);
  EXPECT_DOUBLE_EQ(rate_of(first, "datagrams_sent"), 0);
  EXPECT_DOUBLE_EQ(rate_of(first, "no_such_counter"), 0);
  EXPECT_DOUBLE_EQ(rate_of(rates.take(report_with(16, 100), at(3)), "messages"), 1);
}

TEST(StatusRates, AreNotKnownAfterAStartOfTheDaemonOrWithoutTimeInBetween) {
  StatusRates rates;
  (void)rates.take(report_with(10, 100), at(0));
  EXPECT_THAT(rates.take(report_with(12, 100), at(0)), IsEmpty());
  wire::StatusReport other = report_with(13, 100);
  other.started += seconds{1};
  EXPECT_THAT(rates.take(other, at(2)), IsEmpty());
}

TEST(StatusRates, ACounterThatFellOrIsNewHasNone) {
  StatusRates rates;
  (void)rates.take({.started = kNow, .counters = {{"messages", 10}}}, at(0));
  const Rates since = rates.take(report_with(3, 5), at(1));
  EXPECT_THAT(since, IsEmpty());
}

TEST(StatusRates, TheStatusShowsThemAsALineAndAsAColumn) {
  const wire::StatusReport report{
      .counters = {{"messages", 5}, {"datagrams_received", 900}, {"datagrams_sent", 70'000}}};
  const Rates rates{{"messages", 0.25}, {"datagrams_received", 0}, {"datagrams_sent", 1234.5}};
  const std::string shown = render(report, {}, kNow, rates);
  EXPECT_THAT(shown,
              HasSubstr("  per second 0.2 messages, 0 joins, 0 leaves, 0 datagrams received, "
                        "1,234 sent\n"));
  EXPECT_THAT(shown,
              AllOf(HasSubstr("VALUE  PER SECOND  MEANING"), HasSubstr("       1,234  data")));
  EXPECT_THAT(render(report, {}, kNow),
              AllOf(Not(HasSubstr("per second")), Not(HasSubstr("PER SECOND"))));
}

}  // namespace
}  // namespace chatd::ctl
