// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/counters.hpp"

#include <set>

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

TEST(Counters, EachGatewayCounterHasOneRow) {
  GatewayCounters counters{};
  std::set<const Counter*> members;
  std::set<std::string_view> names;
  for (const auto& row : kGatewayCounters) {
    members.insert(&(counters.*row.member));
    names.insert(row.name);
  }
  EXPECT_EQ(members.size(), sizeof(GatewayCounters) / sizeof(Counter));
  EXPECT_EQ(names.size(), kGatewayCounters.size());
}

TEST(Counters, EachWorkerCounterHasOneRowButTheGaugeOfMembers) {
  WorkerCounters counters{};
  std::set<const Counter*> members;
  std::set<std::string_view> names;
  for (const auto& row : kWorkerCounters) {
    members.insert(&(counters.*row.member));
    names.insert(row.name);
  }
  EXPECT_EQ(members.size(), kWorkerCounters.size());
  EXPECT_EQ(names.size(), kWorkerCounters.size());
  EXPECT_FALSE(members.contains(&counters.members));
  // The struct is padded to a cache line; the counters stand before `members`.
  EXPECT_EQ(offsetof(WorkerCounters, members), kWorkerCounters.size() * sizeof(Counter));
}

// Scripts read these names; a name is never changed.
TEST(Counters, NamesAreLowerCaseWords) {
  const auto check = [](std::string_view name) {
    EXPECT_FALSE(name.empty());
    for (const char c : name) EXPECT_TRUE((c >= 'a' && c <= 'z') || c == '_') << name;
  };
  for (const auto& row : kGatewayCounters) check(row.name);
  for (const auto& row : kWorkerCounters) check(row.name);
}

TEST(Counters, CountByOneAndByMore) {
  Counter counter{};
  count(counter);
  count(counter, 41);
  EXPECT_EQ(counter.load(), 42U);
}

}  // namespace
}  // namespace chatd::state
