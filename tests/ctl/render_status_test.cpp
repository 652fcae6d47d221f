// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ctl/render.hpp"
#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RenderStatus, ShowsTheStartAsTimeAndAge) {
  EXPECT_THAT(render(wire::StatusReport{.started = kNow - hours{50}}, {}, kNow),
              HasSubstr("started    2027-01-13T06:00:00.000Z (2 days 2 h ago)\n"));
}

TEST(RenderStatus, NamesTheConfigurationFile) {
  EXPECT_THAT(render(wire::StatusReport{.config_file = "/etc/chatd/chatd.toml"}, {}, kNow),
              HasSubstr("config     /etc/chatd/chatd.toml\n"));
  EXPECT_THAT(render(wire::StatusReport{}, {}, kNow), HasSubstr("config     built-in defaults\n"));
}

TEST(RenderStatus, WithoutALimitNoneIsShown) {
  EXPECT_THAT(render(wire::StatusReport{.sessions = 3, .sessions_peak = 5}, {}, kNow),
              HasSubstr("sessions   3, at most 5 so far\n"));
}

TEST(RenderStatus, BeginsWithAVerdict) {
  wire::StatusReport report{.version = "1.0", .pid = 7};
  EXPECT_THAT(render(report, {}, kNow), StartsWith("chatd 1.0 is running, pid 7: all is well\n"));
  report.warnings = {"a does nothing"};
  EXPECT_THAT(render(report, {}, kNow), HasSubstr(": all is well, with 1 warning\n"));
  report.problems = {"worker 1 is hung", "no further member can join"};
  EXPECT_THAT(render(report, {}, kNow),
              StartsWith("chatd 1.0 is running, pid 7, but not all is well:\n"
                         "  ! worker 1 is hung\n"
                         "  ! no further member can join\n"
                         "  started "));
  EXPECT_THAT(render(report, {.color = true}, kNow), HasSubstr("\x1b[1;31mnot all is well\x1b[0m"));
}

// An older daemon reports no problems.
TEST(RenderStatus, MissingWorkersAreAProblemInAnyCase) {
  const wire::StatusReport report{.workers_ready = 3, .workers_configured = 4};
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("not all is well:\n  ! not every worker is ready"));
}

TEST(RenderStatus, ShowsTheLastMinuteAndTheNumberOfRoomsAndBans) {
  wire::StatusReport report{.rooms = 3, .rooms_limit = 1000, .rules = 2};
  report.last_minute = {.span = std::chrono::seconds{60},
                        .messages = 1200,
                        .joins = 1,
                        .leaves = 2,
                        .logins_refused = 3};
  EXPECT_THAT(render(report, {}, kNow),
              AllOf(HasSubstr("last min   1200 messages, 1 join, 2 leaves, 3 refused logins\n"),
                    HasSubstr("rooms      3 of 1,000 beside the default one\n"),
                    HasSubstr("rules      2 (bans and mutes), see chatctl bans\n")));
  report.last_minute.span = std::chrono::seconds{12};
  EXPECT_THAT(render(report, {}, kNow), HasSubstr("  last 12 s  1200 messages"));
}

TEST(RenderStatus, ShowsWhoEntersAndHowManyCodesAreOpen) {
  wire::StatusReport report{.door = "invited", .open_codes = 3};
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("door       invited persons only, 3 open codes, see chatctl invites\n"));
  report.open_codes = 0;
  EXPECT_THAT(render(report, {}, kNow), HasSubstr("door       invited persons only\n"));
  EXPECT_THAT(render(wire::StatusReport{.door = "open"}, {}, kNow), HasSubstr("door       open\n"));
  EXPECT_THAT(render(wire::StatusReport{}, {}, kNow), Not(HasSubstr("door"))) << "an older daemon";
}

TEST(RenderStatus, ACounterHasItsMeaningAndNoneIsShownTwice) {
  const wire::StatusReport report{
      .counters = {{"joins", 12'345}, {"leaves", 0}, {"sessions_now", 3}, {"new_one", 4}}};
  EXPECT_THAT(render(report, {}, kNow),
              HasSubstr("\n"
                        "COUNTER   VALUE  MEANING\n"
                        "joins    12,345  members that joined the server\n"
                        "new_one       4\n"));
}

TEST(RenderStatus, EachWarningHasALine) {
  EXPECT_THAT(render(wire::StatusReport{.warnings = {"one", "two"}}, {}, kNow),
              HasSubstr("  warning    one\n  warning    two\n"));
}

TEST(RenderStatus, EscapesControlCharacters) {
  const wire::StatusReport hostile{.version = "\x1b[2J",
                                   .listen = {"\x1b[2J"},
                                   .config_file = "\x1b[2J",
                                   .language = "\x1b[2J",
                                   .warnings = {"\x1b[2J"},
                                   .counters = {{"\x1b[2J", 1}},
                                   .problems = {"\x1b[2J"}};
  EXPECT_THAT(render(hostile, {}, kNow), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace chatd::ctl
