// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::Not;

const WallTime kNow{hours{500'000}};

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

TEST(RenderStatus, MissingWorkersAreSeen) {
  wire::StatusReport report{.workers_ready = 3, .workers_configured = 4};
  EXPECT_THAT(render(report, {.color = true}, kNow), HasSubstr("\x1b[33mrunning\x1b[0m"));
  report.workers_ready = 4;
  EXPECT_THAT(render(report, {.color = true}, kNow), HasSubstr("\x1b[32mrunning\x1b[0m"));
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
                                   .counters = {{"\x1b[2J", 1}}};
  EXPECT_THAT(render(hostile, {}, kNow), Not(HasSubstr("\x1b")));
}

TEST(RenderUsers, AnEmptyRoomIsCounted) {
  EXPECT_THAT(render(wire::UsersReport{}, {}, kNow), HasSubstr("\n0 members\n"));
  EXPECT_EQ(render(wire::UsersReport{}, {.legend = false}, kNow), "");
}

TEST(RenderProcesses, OnlyWorkersHaveANumber) {
  const wire::WorkersReport report{{{.role = "gateway", .pid = 5, .state = "ready"},
                                    {.role = "worker", .index = 0, .state = "starting"}}};
  const std::string text = render(report, {}, kNow);
  EXPECT_THAT(text, HasSubstr("\ngateway "));
  EXPECT_THAT(text, HasSubstr("\nworker 0 "));
}

}  // namespace
}  // namespace chatd::ctl
