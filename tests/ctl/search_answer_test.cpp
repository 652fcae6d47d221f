// SPDX-License-Identifier: GPL-3.0-or-later
// search_answer_test.cpp — `chatctl search`, which asks more than once.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/time.hpp"
#include "common/wire/control/verbs.hpp"
#include "ctl/answers.hpp"
#include "tests/ctl/answers_fixture.hpp"

namespace chatd::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A daemon that finds a line on each second page.
TEST(SearchAnswer, PagesAreAskedForUntilThereAreEnoughLines) {
  Chatctl chatctl;
  std::vector<std::string> asked;
  FakeDaemon daemon{[&](const std::string& line) {
    const auto request = wire::decode_request(line).value();
    asked.push_back(request.args.at(0) + "|" + request.args.at(1) + "<" + request.args.at(2));
    const auto before = request.args.at(2).empty() ? 100UL : std::stoul(request.args.at(2));
    wire::SearchReport report{.lines = {}, .more = before > 95, .next = before - 1};
    if (before % 2 == 0) report.lines.push_back({.room = "lab", .number = before, .text = "x"});
    return FakeDaemon::ok(to_json(report));
  }};
  const auto shown = chatctl.run(
      {"search", "two", "words", "--lines", "2", "--before", "99", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(asked,
              ElementsAre("two words|2<99", "two words|2<98", "two words|1<97", "two words|1<96"));
  EXPECT_THAT(shown.out, HasSubstr("lab #98"));
  EXPECT_THAT(shown.out, StartsWith("(older lines: the same search with --before 95)\n"));
  asked.clear();
  const auto all = chatctl.run({"--json", "search", "x", "--socket", daemon.path()});
  EXPECT_EQ(asked.size(), 6U);
  EXPECT_THAT(all.out, HasSubstr(R"("more":false)"));
}

TEST(SearchAnswer, ADaemonThatDoesNotGoOnIsNotAskedForEver) {
  Chatctl chatctl;
  int asked = 0;
  FakeDaemon daemon{[&](const std::string& /*line*/) {
    ++asked;
    return FakeDaemon::ok(to_json(wire::SearchReport{.lines = {}, .more = true, .next = 5}));
  }};
  EXPECT_EQ(chatctl.run({"search", "x", "--socket", daemon.path()}).status, 0);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace chatd::ctl
