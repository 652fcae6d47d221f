// SPDX-License-Identifier: GPL-3.0-or-later
// `chatctl history --follow`, by the real program against a scripted daemon.
#include "ctl/follow_history.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/long_reports.hpp"
#include "tests/ctl/chatctl.hpp"
#include "tests/ctl/fake_daemon.hpp"

namespace chatd::ctl {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const WallTime kSaidAt{std::chrono::hours{500'000}};

wire::HistoryRow history_line(std::uint64_t number, std::string text) {
  return {.number = number,
          .time = kSaidAt,
          .kind = "say",
          .name = "ada",
          .key = "",
          .text = std::move(text)};
}
// The report with one line, or without any.
std::string history_report(std::optional<wire::HistoryRow> one) {
  wire::HistoryReport report{.room = "chat", .room_number = 1, .lines = {}, .more = false};
  if (one) report.lines.push_back(std::move(*one));
  return FakeDaemon::ok(wire::to_json(report));
}
std::string next_line(std::uint64_t number, std::string text) {
  return wire::to_json(wire::export_row("chat", 1, history_line(number, std::move(text)))) + '\n';
}

class FollowHistory : public ::testing::Test {
 protected:
  // The answers in turn; behind the last one, all is refused.
  Outcome run(std::vector<std::string> answers, std::vector<std::string> more = {}) {
    std::size_t asked = 0;
    FakeDaemon daemon{[&](const std::string&) {
      return asked < answers.size() ? answers[asked++] : FakeDaemon::error("denied", "enough");
    }};
    std::vector<std::string> arguments{"history", "chat", "--follow", "--socket", daemon.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Outcome shown = chatctl_.run(arguments);
    requests_ = daemon.requests();
    return shown;
  }
  Chatctl chatctl_;
  std::vector<std::string> requests_;
};

TEST_F(FollowHistory, PrintsTheLinesOfTheReportAndThoseThatFollowWithoutTheBlankOnes) {
  const Outcome shown = run({history_report(history_line(4, "one")) + "\n" + next_line(5, "two") +
                             "\n\n" + next_line(6, "three \x1b[2J")});
  EXPECT_EQ(shown.status, 4);
  EXPECT_THAT(shown.err, HasSubstr("enough"));
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 3);
  EXPECT_THAT(shown.out, HasSubstr("one\n"));
  EXPECT_THAT(shown.out, EndsWith("three \\x1b[2J\n"));
}

TEST_F(FollowHistory, TheNextRequestBeginsBehindTheLastLineAndPrintsNoneTwice) {
  const Outcome shown = run({history_report(history_line(4, "one")) + next_line(5, "two"),
                             history_report(history_line(6, "three"))});
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 3);
  ASSERT_EQ(requests_.size(), 3U);
  EXPECT_THAT(requests_[1], HasSubstr("\"5\""));
  EXPECT_THAT(requests_[2], HasSubstr("\"6\""));
}

TEST_F(FollowHistory, APartOfALineIsNotPrintedAndIsAskedForAgain) {
  const std::string cut = next_line(5, "two");
  const Outcome shown = run({history_report(history_line(4, "one")) + cut.substr(0, cut.size() / 2),
                             history_report(history_line(5, "two"))});
  EXPECT_EQ(std::count(shown.out.begin(), shown.out.end(), '\n'), 2);
  EXPECT_THAT(requests_.at(1), HasSubstr("\"4\""));
}

TEST_F(FollowHistory, AsJsonEachLineIsAnObjectWithItsRoom) {
  const Outcome shown = run({history_report(history_line(4, "one"))}, {"--json"});
  EXPECT_THAT(shown.out, StartsWith(R"({"schema":1,"room":"chat","room_number":1,"number":4,)"));
}

TEST_F(FollowHistory, ARefusalAtFirstIsFinalAndALineThatIsNoneEndsIt) {
  EXPECT_EQ(run({FakeDaemon::error("busy", "the archive is not running now")}).status, 1);
  EXPECT_EQ(requests_.size(), 1U);
  EXPECT_NE(run({history_report(std::nullopt) + "no JSON\n"}).status, 0);
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(FollowHistory, EndsSomeTimeAfterTheDaemonIsGone) {
  FakeDaemon daemon{[&daemon](const std::string&) {
    daemon.end();
    return history_report(history_line(4, "one"));
  }};
  const Outcome shown =
      chatctl_.run({"history", "chat", "--follow", "--timeout=0.3", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 7);
  EXPECT_THAT(shown.out, HasSubstr("one\n"));
}

}  // namespace
}  // namespace chatd::ctl
