// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/flood_log.hpp"

#include <gmock/gmock.h>

#include "tests/support/log_lines.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FloodLogTest : public ::testing::Test {
 protected:
  static IpAddress address(unsigned number) {
    IpAddress made = test::endpoint("203.0.113.0:0").address;
    made.bytes[14] = static_cast<std::uint8_t>(113 + (number >> 8U));
    made.bytes[15] = static_cast<std::uint8_t>(number);
    return made;
  }
  void refuse(unsigned who, int times, Limit limit = Limit::unauthenticated) {
    for (int i = 0; i < times; ++i) floods_.refused(address(who), limit, now_);
  }
  // Calls tick() once a second, as the gateway's timer does.
  void let_pass(seconds time) {
    for (seconds i{0}; i < time; ++i) {
      now_ += seconds{1};
      floods_.tick(now_);
    }
  }

  test::LogLines log_;
  FloodLog floods_;
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(FloodLogTest, LogsTheFirstDatagramAtOnceAndASummaryAfterTenSeconds) {
  refuse(7, 12'345);
  ASSERT_THAT(log_.messages(), ElementsAre("flood: the first datagram from 203.0.113.7 was refused "
                                           "(limit: unauthenticated)"));
  EXPECT_EQ(log_.all()[0].level, LogLevel::notice);
  let_pass(seconds{9});
  EXPECT_THAT(log_.all(), SizeIs(1));
  let_pass(seconds{1});
  ASSERT_THAT(log_.all(), SizeIs(2));
  const auto& summary = log_.all()[1];
  EXPECT_EQ(summary.message, "flood: 12345 datagrams from 203.0.113.7 refused in 10 s");
  EXPECT_EQ(summary.level, LogLevel::warning);
  EXPECT_EQ(summary.field("CHATD_EVENT"), "flood");
  EXPECT_EQ(summary.field("CHATD_ADDRESS"), "203.0.113.7");
  EXPECT_EQ(summary.field("CHATD_COUNT"), "12345");
  let_pass(seconds{100});
  EXPECT_THAT(log_.all(), SizeIs(2));
}

TEST_F(FloodLogTest, LogsNoAddressIfAddressesAreNotLogged) {
  set_log_addresses(false);
  refuse(7, 12'345);
  let_pass(seconds{10});
  EXPECT_THAT(log_.messages(),
              ElementsAre("flood: the first datagram from an address was refused "
                          "(limit: unauthenticated)",
                          "flood: 12345 datagrams from an address refused in 10 s"));
  EXPECT_EQ(log_.all().back().field("CHATD_ADDRESS"), "");
}

TEST_F(FloodLogTest, NamesTheSettingOfTheLimit) {
  refuse(1, 1, Limit::networks);
  refuse(2, 1, Limit::messages);
  EXPECT_EQ(log_.all()[0].field("CHATD_LIMIT"), "text.networks");
  EXPECT_EQ(log_.all()[1].field("CHATD_LIMIT"), "limits.messages_per_second");
}

TEST_F(FloodLogTest, AContinuousFloodHasOneLineEveryTenSeconds) {
  for (int i = 0; i < 60; ++i) {
    refuse(7, 1000);
    let_pass(seconds{1});
  }
  EXPECT_THAT(log_.all(), SizeIs(1 + 6));
}

TEST_F(FloodLogTest, ASingleDatagramHasOneLineAndNoSummary) {
  refuse(7, 1);
  let_pass(seconds{30});
  EXPECT_THAT(log_.all(), SizeIs(1));
}

TEST_F(FloodLogTest, NamesTheTopSourcesAndCountsTheOthers) {
  for (unsigned who = 1; who <= 12; ++who) refuse(who, 10 + static_cast<int>(who));
  log_.clear();
  let_pass(seconds{10});
  ASSERT_THAT(log_.all(), SizeIs(FloodLog::kNamed + 1));
  EXPECT_EQ(log_.all()[0].field("CHATD_ADDRESS"), "203.0.113.12");
  EXPECT_EQ(log_.all().back().message, "flood: 50 more datagrams refused in 10 s");
  EXPECT_EQ(log_.all().back().field("CHATD_ADDRESS"), "");
}

TEST_F(FloodLogTest, ForgedAddressesDoNotFloodTheLog) {
  // Five minutes with two hundred datagrams a second, each from another address.
  unsigned who = 0;
  for (int second = 0; second < 300; ++second) {
    for (int i = 0; i < 200; ++i) refuse(who++ % 30'000, 1);
    let_pass(seconds{1});
  }
  EXPECT_LE(log_.all().size(), FloodLog::kNewSources + 30U + 30U * (FloodLog::kNamed + 1));
  // No address is reported with more datagrams than it sent.
  for (const auto& line : log_.all()) {
    if (line.field("CHATD_ADDRESS").empty()) continue;
    EXPECT_LE(std::stoul(line.field("CHATD_COUNT")), 2U) << line.message;
  }
}

TEST_F(FloodLogTest, NamesTheFloodingAddressAmongForgedAddresses) {
  for (unsigned i = 0; i < 20'000; ++i) {
    refuse(1000 + i, 1);
    if (i % 5 == 0) refuse(7, 1);
  }
  log_.clear();
  let_pass(seconds{10});
  EXPECT_EQ(log_.all()[0].field("CHATD_ADDRESS"), "203.0.113.7");
  EXPECT_GE(std::stoul(log_.all()[0].field("CHATD_COUNT")), 4000U - 24'000U / 65U);
}

TEST_F(FloodLogTest, LoginsWithTheirOwnLineAreNotLoggedTwice) {
  floods_.refused_login(address(7), true, now_);
  let_pass(seconds{20});
  EXPECT_THAT(log_.all(), IsEmpty());
  floods_.refused_login(address(7), false, now_);
  let_pass(seconds{20});
  EXPECT_THAT(log_.messages(), ElementsAre("flood: 1 more datagrams refused in 10 s"));
  log_.clear();
  for (int i = 0; i < 40; ++i) floods_.refused_login(address(7), false, now_);
  let_pass(seconds{10});
  EXPECT_THAT(log_.messages(), ElementsAre("flood: 40 datagrams from 203.0.113.7 refused in 10 s"));
}

TEST_F(FloodLogTest, CountsDroppedDatagramsWithoutAnAddress) {
  for (int i = 0; i < 5000; ++i) floods_.dropped(now_);
  EXPECT_THAT(log_.all(), IsEmpty());
  refuse(7, 2);
  log_.clear();
  let_pass(seconds{10});
  EXPECT_THAT(log_.messages(),
              ElementsAre("flood: 2 datagrams from 203.0.113.7 refused in 10 s",
                          "flood: 5000 datagrams of unauthenticated peers dropped in 10 s "
                          "(limit: limits.unauthenticated_per_second)"));
  EXPECT_EQ(log_.all()[1].field("CHATD_LIMIT"), "limits.unauthenticated_per_second");
  EXPECT_EQ(log_.all()[1].field("CHATD_ADDRESS"), "");
  log_.clear();
  let_pass(seconds{20});
  EXPECT_THAT(log_.all(), IsEmpty());
}

TEST_F(FloodLogTest, FinishWritesTheLastSummary) {
  refuse(7, 40);
  now_ += milliseconds{2600};
  floods_.finish(now_);
  floods_.finish(now_);
  EXPECT_THAT(log_.all(), SizeIs(2));
  EXPECT_EQ(log_.all()[1].message, "flood: 40 datagrams from 203.0.113.7 refused in 3 s");
}

}  // namespace
}  // namespace chatd::gateway
