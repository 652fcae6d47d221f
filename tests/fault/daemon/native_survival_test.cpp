// SPDX-License-Identifier: GPL-3.0-or-later
// Native members talk while the daemon's processes are killed all the time. Nothing is lost,
// doubled or out of order in either direction, and no leave is reported.
#include <algorithm>
#include <iostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/told_joins.hpp"

namespace chatd::test::native_survival {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMembers = 50;
constexpr milliseconds kBetweenMessages{5};
constexpr milliseconds kBetweenKills{200};
milliseconds traffic_time() { return milliseconds{is_whole_run() ? 15'000 : 5'000}; }

class NativeSurvival : public ::testing::Test {
 protected:
  NativeSurvival() {
    EXPECT_TRUE(crowd_.enter());
    EXPECT_TRUE(crowd_.pump_until([&] { return told_joins(crowd_.lines(0)) >= crowd_.size(); }));
    // Every member has received all earlier lines.
    crowd_.say(0, "begin");
    EXPECT_TRUE(crowd_.pump_until([&] {
      return std::ranges::all_of(members(), [&](std::size_t i) {
        return !crowd_.lines(i).empty() && crowd_.lines(i).back().ends_with("begin");
      });
    }));
    crowd_.forget_lines();
  }

  static std::vector<std::size_t> members() {
    std::vector<std::size_t> all(kMembers);
    std::ranges::generate(all, [i = std::size_t{0}]() mutable { return i++; });
    return all;
  }

  // 200 messages a second from all members in turn, and a kill every 200 ms.
  void talk() {
    std::mt19937 random{42};  // NOLINT(cert-msc51-cpp): the same course in every run
    const auto begin = steady_clock::now();
    auto next_kill = begin + kBetweenKills;
    for (auto due = begin; due - begin < traffic_time(); due += kBetweenMessages) {
      while (steady_clock::now() < due) {
        const auto left = std::chrono::ceil<milliseconds>(due - steady_clock::now());
        crowd_.pump(std::max(left, milliseconds{0}));
      }
      crowd_.say(sent_ % kMembers, "number " + std::to_string(sent_));
      ++sent_;
      if (steady_clock::now() < next_kill) continue;
      next_kill += kBetweenKills;
      auto found = victims(daemon_);
      if (found.empty()) continue;
      recoveries_.kill(found[random() % found.size()]);
    }
  }

  DaemonUnderTest daemon_{{.config = "limits.messages_per_second = 0\nlog.level = \"debug\"\n",
                           .arguments = {"--workers", "4"}}};
  NativeCrowd crowd_{daemon_.endpoint(), {.size = kMembers}};
  Recoveries recoveries_;
  std::size_t sent_{0};
};

TEST_F(NativeSurvival, KilledProcessesLoseDoubleOrReorderNoMessage) {
  talk();
  ASSERT_TRUE(crowd_.pump_until([&] {
    return crowd_.unconfirmed() == 0 && crowd_.delivered() >= sent_ * kMembers;
  })) << crowd_.unconfirmed()
      << " unconfirmed, " << crowd_.delivered() << " of " << sent_ * kMembers << " delivered";
  EXPECT_EQ(crowd_.ended(), 0U);
  for (std::size_t i = 1; i < kMembers; ++i) {
    EXPECT_TRUE(crowd_.lines(i) == crowd_.lines(0)) << crowd_.name(i);
  }
  // All messages of each sender in its order, and no other event: no join, no leave.
  std::vector<std::size_t> next(kMembers);
  for (std::size_t i = 0; i < kMembers; ++i) next[i] = i;
  for (const std::string& line : crowd_.lines(0)) {
    const auto number = static_cast<std::size_t>(std::stoul(line.substr(line.rfind(' '))));
    const std::size_t member = number % kMembers;
    ASSERT_EQ(line, crowd_.name(member) + ": number " + std::to_string(next[member]));
    next[member] += kMembers;
  }
  EXPECT_EQ(crowd_.lines(0).size(), sent_);
  EXPECT_EQ(daemon_.counter("leaves"), 0U);
  EXPECT_GT(recoveries_.kills("gateway"), 0U);
  std::cout << "[          ] " << sent_ << " messages, " << recoveries_.kills() << " kills, "
            << recoveries_.kills("gateway") << " of them the gateway\n";
}

}  // namespace
}  // namespace chatd::test::native_survival
