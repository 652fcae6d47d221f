// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/counter_texts.hpp"

#include <gtest/gtest.h>

#include "daemon/state/counters.hpp"

namespace chatd::ctl {
namespace {

TEST(CounterTexts, HasEachCounterOfTheDaemonAndNoOther) {
  std::size_t counters = 0;
  const auto expect_text = [&counters](std::string_view name) {
    ++counters;
    EXPECT_NE(find_counter_text(name), nullptr) << name;
  };
  for (const auto& row : state::kGatewayCounters) expect_text(row.name);
  for (const auto& row : state::kWorkerCounters) expect_text(row.name);
  EXPECT_EQ(kCounterTexts.size(), counters);
  EXPECT_EQ(find_counter_text("no_such_counter"), nullptr);
}

TEST(CounterTexts, FitBesideTheirValue) {
  for (const CounterText& counter : kCounterTexts) EXPECT_LE(counter.text.size(), 48U);
}

}  // namespace
}  // namespace chatd::ctl
