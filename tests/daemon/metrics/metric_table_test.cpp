// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/metrics/metric_table.hpp"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/man_page.hpp"

namespace chatd::metrics {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

const std::string kSource{CHATD_SOURCE_DIR};

TEST(MetricTable, TheFirstRowOfAMetricHasItsHelpAndTheOthersAreOfTheSameType) {
  std::set<std::string_view> names;
  const Metric* before = nullptr;
  for (const Metric& metric : all()) {
    const bool is_first = names.insert(metric.name).second;
    EXPECT_EQ(metric.help.ends_with('.'), is_first) << metric.name;
    if (!is_first) {
      EXPECT_EQ(metric.name, before->name);
      EXPECT_EQ(metric.type, before->type);
      EXPECT_NE(metric.label, before->label);
    }
    before = &metric;
  }
}

TEST(MetricTable, ANameHasThePrefixAndTheUnitAndACounterEndsInTotal) {
  for (const Metric& metric : all()) {
    EXPECT_THAT(std::string{metric.name}, MatchesRegex("chatd_[a-z_]+")) << metric.name;
    EXPECT_EQ(metric.name.ends_with("_total"), metric.type == Type::counter) << metric.name;
    EXPECT_TRUE(metric.type != Type::histogram || metric.name.ends_with("_seconds"));
  }
}

// Members, addresses and rooms are no labels: whoever reads the figures learns nothing about them.
TEST(MetricTable, LabelsAreProtocolsAndReasonsOnly) {
  for (const Metric& metric : all()) {
    EXPECT_THAT(std::string{metric.label}, MatchesRegex("((protocol|reason)=\"[a-z]+\")?"));
  }
}

template <class Member>
std::vector<Member> members_in_the_table() {
  std::vector<Member> members;
  for (const Metric& metric : all()) {
    if (const auto* const member = std::get_if<Member>(&metric.source)) members.push_back(*member);
  }
  return members;
}

TEST(MetricTable, EachCounterOfTheDaemonIsInItOnce) {
  const auto gateway = members_in_the_table<state::Counter state::GatewayCounters::*>();
  EXPECT_EQ(gateway.size(), state::kGatewayCounters.size());
  for (const auto& row : state::kGatewayCounters) {
    EXPECT_EQ(std::ranges::count(gateway, row.member), 1) << row.name;
  }
  const auto worker = members_in_the_table<state::Counter state::WorkerCounters::*>();
  EXPECT_EQ(worker.size(), state::kWorkerCounters.size() + 1);  // and the gauge of members
  for (const auto& row : state::kWorkerCounters) {
    EXPECT_EQ(std::ranges::count(worker, row.member), 1) << row.name;
  }
}

TEST(MetricTable, TheManualListsEachMetricWithItsHelp) {
  const chatd::test::ManPage manual{kSource + "/man/chatd.8", ".Sh METRICS"};
  std::vector<std::string> expected;
  for (const Metric& metric : all()) {
    if (!metric.help.empty()) expected.emplace_back(metric.name);
  }
  EXPECT_THAT(manual.after(".It Li "), ElementsAreArray(expected));
  std::string text;
  for (const std::string& line : manual.lines) text += line + ' ';
  for (const Metric& metric : all()) {
    EXPECT_NE(text.find(metric.help), text.npos) << metric.name << ": " << metric.help;
  }
}

// The metrics that a file of packaging names and the daemon does not have.
std::set<std::string> unknown_in(const std::string& file) {
  std::set<std::string> known;
  for (const Metric& metric : all()) {
    const std::string name{metric.name};
    known.insert(name);
    if (metric.type != Type::histogram) continue;
    for (const char* ending : {"_bucket", "_sum", "_count"}) known.insert(name + ending);
  }
  std::ifstream stream{kSource + "/packaging/" + file};
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  const std::regex name{"chatd_[a-z_]+"};
  std::set<std::string> named;
  for (std::sregex_iterator at{text.begin(), text.end(), name}, end; at != end; ++at) {
    named.insert(at->str());
  }
  EXPECT_GT(named.size(), 5U) << file;
  for (const std::string& one : known) named.erase(one);
  return named;
}

TEST(MetricTable, TheDashboardAndTheAlertRulesNameNoOtherMetric) {
  EXPECT_THAT(unknown_in("grafana/chatd.json"), IsEmpty());
  EXPECT_THAT(unknown_in("prometheus/chatd-alerts.yml"), IsEmpty());
}

}  // namespace
}  // namespace chatd::metrics
