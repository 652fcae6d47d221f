// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control_reports.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 2026-11-20T23:15:04.250Z
const WallTime kTime{milliseconds{1'795'216'504'250}};

StatusReport a_status() {
  return {.version = "0.1.0",
          .pid = 4711,
          .started = kTime,
          .uptime = seconds{3661},
          .sessions = 3,
          .sessions_limit = 10'000,
          .sessions_peak = 17,
          .messages = std::numeric_limits<std::uint64_t>::max(),
          .workers_ready = 3,
          .workers_configured = 4,
          .listen = {"127.0.0.1:8888", "[::1]:8888"},
          .config_file = "",
          .language = "zh",
          .warnings = {"chatd.toml: room.password_file: keeps text clients out"},
          .counters = {{"zulu", 1}, {"alpha", 2}}};
}

TEST(ControlReports, AStatusSurvivesWritingAndReading) {
  EXPECT_EQ(parse_status(to_json(a_status())).value(), a_status());
}

TEST(ControlReports, AStatusHasRawUnitsAndUtcTimes) {
  EXPECT_EQ(to_json(a_status()),
            R"({"version":"0.1.0","pid":4711,"started":"2026-11-20T23:15:04.250Z",)"
            R"("uptime_seconds":3661,"sessions":3,"sessions_limit":10000,"sessions_peak":17,)"
            R"("messages":18446744073709551615,"workers_ready":3,"workers_configured":4,)"
            R"("listen":["127.0.0.1:8888","[::1]:8888"],"config_file":"","language":"zh",)"
            R"("counters":{"zulu":1,"alpha":2},)"
            R"("warnings":["chatd.toml: room.password_file: keeps text clients out"]})");
}

TEST(ControlReports, ListsSurviveWritingAndReading) {
  const std::vector<UserRow> users{{.name = "李雷",
                                    .address = "127.0.0.1:40000",
                                    .protocol = "text",
                                    .joined = kTime,
                                    .idle = seconds{4},
                                    .messages = 7},
                                   {.name = "ada"}};
  EXPECT_EQ(parse_users(to_json(users)).value(), users);
  EXPECT_EQ(to_json(std::vector<UserRow>{}), R"({"users":[]})");

  const std::vector<ProcessRow> rows{{.role = "worker",
                                      .index = 1,
                                      .pid = 5,
                                      .state = "ready",
                                      .restarts = 2,
                                      .since = kTime,
                                      .members = 3,
                                      .datagrams = 9}};
  EXPECT_EQ(parse_processes(to_json(rows)).value(), rows);
}

TEST(ControlReports, SmallReportsSurviveWritingAndReading) {
  const ReloadReport reload{
      .changed = {"log.level"}, .needs_restart = {}, .warnings = {"a: b has no effect"}};
  EXPECT_EQ(parse_reload(to_json(reload)).value(), reload);
  const KickReport kick{.name = "bob", .address = "[::1]:9"};
  EXPECT_EQ(parse_kick(to_json(kick)).value(), kick);
  EXPECT_EQ(parse_announce(to_json(AnnounceReport{.members = 3})).value().members, 3U);
  EXPECT_EQ(parse_stop(to_json(StopReport{.pid = 12})).value().pid, 12);
  EXPECT_EQ(parse_version(to_json(VersionReport{.version = "1.2.3"})).value().version, "1.2.3");
}

TEST(ControlReports, AReloadReportWithoutWarningsIsRead) {
  const auto old = parse_reload(R"({"changed":["log.level"],"needs_restart":[]})");
  ASSERT_TRUE(old) << old.error().message();
  EXPECT_TRUE(old->warnings.empty());
  EXPECT_FALSE(parse_reload(R"({"changed":[],"needs_restart":[],"warnings":[1]})"));
}

TEST(ControlReports, NamesAMemberThatIsMissingOrWrong) {
  const auto missing = parse_kick(R"({"name":"bob"})");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("\"address\""), std::string::npos);

  EXPECT_FALSE(parse_kick(R"({"name":"bob","address":5})"));
  EXPECT_FALSE(parse_announce(R"({"members":-1})"));
  EXPECT_FALSE(parse_announce(R"({"members":1.5})"));
  EXPECT_FALSE(parse_stop(R"({"pid":4294967296})"));
  EXPECT_FALSE(parse_users(R"({"users":{}})"));
  EXPECT_FALSE(parse_users(R"({"users":[1]})"));
  EXPECT_FALSE(parse_users(R"({"users":[{"name":"x"}]})"));
  EXPECT_FALSE(parse_reload(R"({"changed":[1],"needs_restart":[]})"));
  EXPECT_FALSE(parse_version("no json"));
}

TEST(ControlReports, MembersThatALaterDaemonAddsAreIgnored) {
  EXPECT_EQ(parse_stop(R"({"new":[],"pid":3})").value().pid, 3);
}

TEST(ControlReports, ANameThatIsNotUtf8StillGivesJson) {
  const auto kick = parse_kick(to_json(KickReport{.name = "b\xff", .address = ""}));
  EXPECT_EQ(kick.value().name, "b\xef\xbf\xbd");
}

}  // namespace
}  // namespace chatd::wire
