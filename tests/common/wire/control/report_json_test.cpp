// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/report_json.hpp"

#include <limits>
#include <string>
#include <tuple>
#include <type_traits>

#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"

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
          .counters = {{"zulu", 1}, {"alpha", 2}},
          .problems = {"worker 0 is hung"},
          .rooms = 3,
          .rooms_limit = 1000,
          .rules = 4,
          .last_minute = {.span = seconds{60}, .messages = 5, .joins = 6, .logins_refused = 7},
          .door = "invited",
          .open_codes = 30,
          .web = {"127.0.0.1:8880"}};
}

// A report that is written, read and written again is the same.
template <class Report>
void expect_survives(const Report& report) {
  const std::string json = to_json(report);
  const auto read = parse_report<Report>(json);
  ASSERT_TRUE(read) << json << ": " << read.error().message();
  EXPECT_EQ(*read, report) << json;
}

TEST(ReportJson, AStatusSurvivesWritingAndReading) { expect_survives(a_status()); }

TEST(ReportJson, AStatusHasRawUnitsAndUtcTimes) {
  EXPECT_EQ(to_json(a_status()),
            R"({"version":"0.1.0","pid":4711,"started":"2026-11-20T23:15:04.250Z",)"
            R"("uptime_seconds":3661,"sessions":3,"sessions_limit":10000,"sessions_peak":17,)"
            R"("messages":18446744073709551615,"workers_ready":3,"workers_configured":4,)"
            R"("listen":["127.0.0.1:8888","[::1]:8888"],"config_file":"","language":"zh",)"
            R"("counters":{"zulu":1,"alpha":2},)"
            R"("warnings":["chatd.toml: room.password_file: keeps text clients out"],)"
            R"("problems":["worker 0 is hung"],"rooms":3,"rooms_limit":1000,"rules":4,)"
            R"("last_minute":{"seconds":60,"messages":5,"lines_delivered":0,"joins":6,)"
            R"("leaves":0,"logins_refused":7,"dropped":0},"door":"invited","open_codes":30,)"
            R"("web":["127.0.0.1:8880"]})");
}

TEST(ReportJson, ListsSurviveWritingAndReading) {
  const UsersReport users{{{.name = "李雷",
                            .address = "127.0.0.1:40000",
                            .protocol = "text",
                            .joined = kTime,
                            .idle = seconds{4},
                            .messages = 7,
                            .is_away = true,
                            .key = "SHA256:x",
                            .programs = 2,
                            .is_owned = true},
                           {.name = "ada"}}};
  expect_survives(users);
  EXPECT_EQ(to_json(UsersReport{}), R"({"users":[]})");
  EXPECT_EQ(to_json(UsersReport{{users.users[0]}}),
            R"({"users":[{"name":"李雷","address":"127.0.0.1:40000","protocol":"text",)"
            R"("joined":"2026-11-20T23:15:04.250Z","idle_seconds":4,"messages":7,"away":true,)"
            R"("key":"SHA256:x","programs":2,"owned":true}]})");

  const WorkersReport workers{{{.role = "worker",
                                .index = 1,
                                .pid = 5,
                                .state = "ready",
                                .restarts = 2,
                                .since = kTime,
                                .members = 3,
                                .datagrams = 9}}};
  expect_survives(workers);
  EXPECT_EQ(to_json(workers),
            R"({"processes":[{"role":"worker","index":1,"pid":5,"state":"ready","restarts":2,)"
            R"("since":"2026-11-20T23:15:04.250Z","members":3,"datagrams":9}]})");
}

TEST(ReportJson, RoomsSurviveWritingAndReading) {
  const RoomRow lab{.name = "lab",
                    .is_default = true,
                    .is_kept = true,
                    .members = 2,
                    .made = WallTime{std::chrono::seconds{7}},
                    .records = 5,
                    .log_bytes = 320};
  expect_survives(RoomsReport{{lab, {.name = "李雷"}}});
  expect_survives(RoomReport{.room = lab,
                             .maker = "SHA256:x",
                             .log_limit_bytes = 16384,
                             .users = {{.name = "ada"}},
                             .topic = "loops",
                             .topic_by = "ada",
                             .topic_set = "2026-11-20T23:15:04.250Z",
                             .owners = {"ada", "bob"},
                             .moderators = {"cyd"},
                             .is_invited = true,
                             .is_hidden = true,
                             .is_lecture = true,
                             .enter = "known",
                             .slow_seconds = 10,
                             .history = "30d",
                             .invitations = 2,
                             .rules = {{.id = 7}},
                             .messages = 11,
                             .per_second = 50,
                             .at_once = 200,
                             .too_fast = 12});
  EXPECT_EQ(to_json(RoomsReport{{lab}}),
            R"({"rooms":[{"name":"lab","default":true,"kept":true,"members":2,)"
            R"("made":"1970-01-01T00:00:07.000Z","records":5,"log_bytes":320}]})");
}

TEST(ReportJson, RulesAndEventsSurviveWritingAndReading) {
  const RuleRow rule{.id = 7,
                     .kind = "ban",
                     .by_what = "key",
                     .target = "李雷",
                     .room = "lab",
                     .made = kTime,
                     .until = "2026-11-20T23:15:04.250Z",
                     .by = "ada",
                     .reason = "noise",
                     .note = "third time",
                     .hits = 4,
                     .last_hit = "2026-11-20T23:15:04.250Z",
                     .undo = "chatctl unban 7"};
  expect_survives(RulesReport{{rule, {.id = 8}}});
  expect_survives(LiftedReport{{rule}});
  expect_survives(PlacedReport{
      .is_dry_run = true, .rules = {rule}, .hit = {{.name = "bob", .address = "[::1]:9"}}});
  expect_survives(EventsReport{.cursor = "a-1-2",
                               .missed = 3,
                               .events = {{.time = kTime,
                                           .event = "kick",
                                           .message = "ada left",
                                           .user = "ada",
                                           .address = "::1",
                                           .room = "lab",
                                           .reason = "noise"},
                                          {.time = kTime,
                                           .event = "ban",
                                           .by = "1000",
                                           .change = "ban",
                                           .until = "2027-01-15T08:00:00.000Z",
                                           .rule = 7,
                                           .verb = "ban",
                                           .result = "ok",
                                           .uid = 0,
                                           .pid = 9,
                                           .process = "worker 1",
                                           .joined = 0,
                                           .left = 3,
                                           .members = 4,
                                           .count = 5,
                                           .limit = "limits.messages_per_second",
                                           .port = 6}}});
}

TEST(ReportJson, SmallReportsSurviveWritingAndReading) {
  expect_survives(ReloadReport{
      .changed = {"log.level"}, .needs_restart = {}, .warnings = {"a: b has no effect"}});
  expect_survives(KickReport{.name = "bob", .address = "[::1]:9"});
  expect_survives(AnnounceReport{.members = 3});
  expect_survives(KickReport{.name = "bob", .address = "[::1]:9", .room = "lab"});
  expect_survives(MadeRoomReport{.name = "lab"});
  expect_survives(KeptRoomReport{.name = "lab"});
  expect_survives(DroppedRoomReport{.name = "lab", .members = 3});
  expect_survives(RenamedRoomReport{.from = "lab", .to = "art"});
  expect_survives(RoomSetReport{.room = "lab", .property = "slow", .value = "10"});
  expect_survives(RoomRoleReport{.room = "lab", .name = "ada", .role = "owner"});
  expect_survives(StopReport{.pid = 12});
  expect_survives(VersionReport{.version = "1.2.3"});
  EXPECT_EQ(to_json(EmptyReport{}), "{}");
}

TEST(ReportJson, AMissingValueIsNull) {
  EXPECT_EQ(to_json(VersionPair{.client = "1.2.3", .daemon = std::nullopt}),
            R"({"client":"1.2.3","daemon":null})");
  EXPECT_EQ(to_json(VersionPair{.client = "1.2.3", .daemon = "1.2.4"}),
            R"({"client":"1.2.3","daemon":"1.2.4"})");
}

// During an upgrade chatctl may be newer than the daemon.
TEST(ReportJson, MembersThatAnOlderDaemonDoesNotSendHaveTheirDefault) {
  std::apply(
      [](const auto&... verbs) {
        const auto check = [](const auto& verb) {
          using Report = typename std::remove_cvref_t<decltype(verb)>::Report;
          const auto report = parse_report<Report>("{}");
          ASSERT_TRUE(report) << verb.row.name << ": " << report.error().message();
          EXPECT_EQ(*report, Report{}) << verb.row.name;
        };
        (check(verbs), ...);
      },
      verb::kAll);
  EXPECT_EQ(parse_report<UsersReport>(R"({"users":[{"name":"x"}]})").value(),
            (UsersReport{{{.name = "x"}}}));
  const auto reload = parse_report<ReloadReport>(R"({"changed":["log.level"],"needs_restart":[]})");
  EXPECT_EQ(reload.value(), ReloadReport{.changed = {"log.level"}});
}

TEST(ReportJson, NamesAMemberOfAnotherType) {
  const auto wrong = parse_report<KickReport>(R"({"name":"bob","address":5})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(), "the answer's \"address\" is wrong");

  EXPECT_FALSE(parse_report<AnnounceReport>(R"({"members":-1})"));
  EXPECT_FALSE(parse_report<AnnounceReport>(R"({"members":1.5})"));
  EXPECT_FALSE(parse_report<StopReport>(R"({"pid":4294967296})"));
  EXPECT_FALSE(parse_report<UsersReport>(R"({"users":{}})"));
  EXPECT_FALSE(parse_report<UsersReport>(R"({"users":[1]})"));
  EXPECT_FALSE(parse_report<UsersReport>(R"({"users":[{"name":1}]})"));
  EXPECT_FALSE(parse_report<ReloadReport>(R"({"changed":[1],"needs_restart":[]})"));
  EXPECT_FALSE(parse_report<ReloadReport>(R"({"warnings":[1]})"));
  EXPECT_FALSE(parse_report<VersionReport>("no json"));
}

TEST(ReportJson, MembersThatALaterDaemonAddsAreIgnored) {
  EXPECT_EQ(parse_report<StopReport>(R"({"new":[],"pid":3})").value().pid, 3);
}

TEST(ReportJson, ANameThatIsNotUtf8StillGivesJson) {
  const auto kick = parse_report<KickReport>(to_json(KickReport{.name = "b\xff", .address = ""}));
  EXPECT_EQ(kick.value().name, "b\xef\xbf\xbd");
}

// A flag of a report, as no verb has one yet.
struct FlagReport {
  bool flag{false};
  static constexpr void fields(auto& visit, auto& report) { visit("flag", report.flag); }
};

TEST(ReportJson, AFlagIsTrueOrFalse) {
  EXPECT_EQ(to_json(FlagReport{.flag = true}), R"({"flag":true})");
  EXPECT_EQ(to_json(FlagReport{}), R"({"flag":false})");
  EXPECT_TRUE(parse_report<FlagReport>(R"({"flag":true})").value().flag);
  EXPECT_FALSE(parse_report<FlagReport>(R"({"flag":1})"));
}

}  // namespace
}  // namespace chatd::wire
