// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_host.hpp"

#include <initializer_list>
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/control_host_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using ControlHostTest = ControlHostFixture;

TEST_F(ControlHostTest, StatusTellsWhatIsGoingOn) {
  enter(ada_, "ada");
  send(ada_, "C hello");
  state_.process(1).state.store(state::ProcessState::ready);
  state_.worker_counters(0).lines_delivered.store(30);
  state_.worker_counters(1).lines_delivered.store(12);
  const auto report = host().status();
  EXPECT_EQ(report.pid, 4711);
  EXPECT_EQ(report.started, test::wall_at(std::chrono::seconds{1}));
  EXPECT_EQ(report.sessions, 1U);
  EXPECT_EQ(report.sessions_peak, 1U);
  EXPECT_EQ(report.sessions_limit, 70U);
  EXPECT_EQ(report.messages, 1U);
  EXPECT_EQ(report.workers_configured, 2U);
  EXPECT_EQ(report.workers_ready, 1U);
  EXPECT_THAT(report.listen, ElementsAre(to_text(server_endpoint_)));
  EXPECT_EQ(report.config_file, "/etc/chatd.toml");
  EXPECT_EQ(report.language, "en");
  EXPECT_THAT(report.counters, ::testing::Contains(::testing::Pair("joins", 1U)));
  EXPECT_THAT(report.counters, ::testing::Contains(::testing::Pair("lines_delivered", 42U)));
}

TEST_F(ControlHostTest, StatusHasTheWarningsOfTheConfiguration) {
  config_.room.password_file = "/etc/chatd/password";
  EXPECT_THAT(host().status().warnings, ElementsAre(::testing::StartsWith(
                                            "/etc/chatd.toml: text.enabled: lets text clients in "
                                            "without the password")));
}

TEST_F(ControlHostTest, AFurtherRoomWithTheNameOfTheDefaultRoomIsAWarning) {
  ASSERT_TRUE(chat().rooms.make_kept("Lab", now()));
  const test::LogLines lines;
  host().log_warnings();
  EXPECT_THAT(host().status().warnings, ElementsAre());
  EXPECT_THAT(lines.messages(), ElementsAre());
  config_.room.name = "lab";
  host().log_warnings();
  const std::string warning =
      "/etc/chatd.toml: room.name: a further room has this name, too, and #Lab means that room";
  EXPECT_THAT(host().status().warnings, ElementsAre(warning));
  EXPECT_THAT(lines.messages(), ElementsAre(warning));
  EXPECT_EQ(lines.all()[0].level, LogLevel::warning);
  EXPECT_EQ(lines.all()[0].field("CHATD_EVENT"), "config_warning");
}

TEST_F(ControlHostTest, UsersAreSortedByName) {
  enter(bob_, "bob");
  enter(ada_, "ada");
  send(ada_, "C hello");
  const auto users = host().users().users;
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[0].name, "ada");
  EXPECT_EQ(users[0].address, to_text(ada_.endpoint()));
  EXPECT_EQ(users[0].protocol, "text");
  EXPECT_EQ(users[0].messages, 1U);
  EXPECT_EQ(users[0].joined, now().wall);
  EXPECT_EQ(users[1].name, "bob");
}

TEST_F(ControlHostTest, WorkersAreAllProcesses) {
  state_.process(2).pid.store(99);
  state_.process(2).restarts.store(3);
  state_.process(2).state.store(state::ProcessState::waiting);
  state_.worker_counters(1).members.store(5);
  const auto rows = host().workers().processes;
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].role, "supervisor");
  EXPECT_EQ(rows[0].pid, 4711);
  EXPECT_EQ(rows[1].role, "gateway");
  EXPECT_EQ(rows[3].role, "worker");
  EXPECT_EQ(rows[3].index, 1U);
  EXPECT_EQ(rows[3].pid, 99);
  EXPECT_EQ(rows[3].restarts, 3U);
  EXPECT_EQ(rows[3].state, "waiting");
  EXPECT_EQ(rows[3].members, 5U);
}

TEST_F(ControlHostTest, AnAnnouncementReachesEveryMember) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  EXPECT_THAT(ask(wire::verb::kAnnounce.row, {"soon"}), R"({"members":2,"room":""})");
  EXPECT_EQ(changes_, 1);
  EXPECT_THAT(lines(ada_), ElementsAre("[admin] soon"));
  EXPECT_THAT(lines(bob_), ElementsAre("[admin] soon"));
}

TEST_F(ControlHostTest, ARefusedAnnouncementWakesNoWorker) {
  EXPECT_EQ(ask(wire::verb::kAnnounce.row, {""}), "usage");
  EXPECT_EQ(ask(wire::verb::kAnnounce.row, {"soon", "no"}), "not_found");
  EXPECT_EQ(changes_, 0);
}

TEST_F(ControlHostTest, AKickRemovesTellsAndReports) {
  enter(ada_, "Ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  const auto report = host().kick("ADA", "noise\nmore");
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->name, "Ada");
  EXPECT_EQ(report->address, to_text(ada_.endpoint()));
  EXPECT_EQ(changes_, 1);
  EXPECT_THAT(
      ada_.drain(),
      ElementsAre("You were removed from the server by the administrator: noise more", "EXIT"));
  EXPECT_THAT(lines(bob_), ElementsAre("Ada was removed by the administrator: noise more"));
}

TEST_F(ControlHostTest, AKickEndsEachProgramOfTheMember) {
  for (const std::uint64_t client : {1U, 2U}) {
    const auto login = sessions().admit(
        {.name = "ada",
         .from = test::delivery_to(test::endpoint("127.0.0.1:" + std::to_string(5000 + client))),
         .native =
             chat::NativeClient{.identity = {}, .client = client, .random = 1, .window = 65536}},
        now());
    ASSERT_EQ(login.status, chat::Sessions::Status::admitted);
  }
  EXPECT_TRUE(host().kick("ada", "").has_value());
  EXPECT_TRUE(sessions().all().empty());
}

TEST_F(ControlHostTest, AKickOfNobodyOrWithTooManyWordsIsRefused) {
  enter(ada_, "ada");
  EXPECT_EQ(host().kick("eve", "").error().code, wire::code::kNotFound);
  EXPECT_EQ(host().kick("ada", std::string(401, 'x')).error().code, wire::code::kTooLong);
  EXPECT_TRUE(sessions().find_name("ada"));
  EXPECT_TRUE(host().kick("ada", "").has_value());
  EXPECT_EQ(ada_.next(), "You were removed from the server by the administrator.");
}

TEST_F(ControlHostTest, EveryReloadIsAskedAndAnsweredToAllWhoWait) {
  std::vector<control::Answer<wire::ReloadReport>> answers;
  const auto keep = [&](const auto& answer) { answers.push_back(answer); };
  host().reload(keep);
  host().reload(keep);
  EXPECT_TRUE(std::holds_alternative<sys::AskReload>(asked()));
  EXPECT_TRUE(
      std::holds_alternative<sys::AskReload>(asked()));  // the file may have changed in between
  EXPECT_TRUE(answers.empty());
  host().on_reloaded({.changes = {{.setting = "limits.burst"},
                                  {.setting = "workers.count", .needs_restart = true}},
                      .warnings = {"a: does nothing"}});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_THAT(answers[1]->changed, ElementsAre("limits.burst"));
  EXPECT_THAT(answers[1]->needs_restart, ElementsAre("workers.count"));
  EXPECT_THAT(answers[1]->warnings, ElementsAre("a: does nothing"));
}

TEST_F(ControlHostTest, ARefusedReloadSaysEachProblem) {
  std::optional<control::Answer<wire::ReloadReport>> answer;
  host().reload([&](const auto& outcome) { answer = outcome; });
  host().on_reload_refused({.problems = {"one", "two"}});
  ASSERT_TRUE(answer && !answer->has_value());
  EXPECT_EQ(answer->error().code, wire::code::kBadConfig);
  EXPECT_EQ(answer->error().message, "one\ntwo");
}

TEST_F(ControlHostTest, AReloadWithoutASupervisorFailsAtOnce) {
  ends_.second.close();
  bool failed = false;
  host().reload([&](const auto& outcome) { failed = !outcome.has_value(); });
  EXPECT_TRUE(failed);
}

TEST_F(ControlHostTest, StopAsksTheSupervisorAndNamesTheProcessThatEndsLast) {
  EXPECT_EQ(host().stop().pid, 4711);
  EXPECT_TRUE(std::holds_alternative<sys::AskStop>(asked()));
}

TEST_F(ControlHostTest, EveryVerbHasAHandler) {
  EXPECT_THAT(host().handlers().missing(), ElementsAre());
}

TEST_F(ControlHostTest, TheRoomIsTheLastArgument) {
  enter(ada_, "ada");
  EXPECT_EQ(ask(wire::verb::kRoomMake.row, {"#lab"}), R"({"name":"lab",)" + kUnsaved);
  EXPECT_EQ(ask(wire::verb::kUsers.row, {"lab"}), R"({"users":[]})");
  EXPECT_EQ(ask(wire::verb::kAnnounce.row, {"soon", "lab"}), R"({"members":0,"room":"lab"})");
  EXPECT_EQ(ask(wire::verb::kAnnounce.row, {"soon"}), R"({"members":1,"room":""})");
  EXPECT_EQ(ask(wire::verb::kKick.row, {"ada", "", "lab"}), "not_found");
  EXPECT_EQ(ask(wire::verb::kRoomKeep.row, {"lab"}), R"({"name":"lab",)" + kUnsaved);
  EXPECT_EQ(ask(wire::verb::kRoomDrop.row, {"lab"}), R"({"name":"lab","members":0,)" + kUnsaved);
  EXPECT_EQ(ask(wire::verb::kRoom.row, {"lab"}), "not_found");
  EXPECT_EQ(changes_, 5) << "each change but the refused ones wakes the workers";
  EXPECT_TRUE(sessions().find_name("ada")) << "a kick from a room ended the session";
}

TEST_F(ControlHostTest, NamesAreGivenListedAndTakenByTheirVerbs) {
  enter(ada_, "ada");
  const std::string key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(ask(wire::verb::kNames.row, {}), R"({"names":[]})");
  EXPECT_EQ(ask(wire::verb::kNameTake.row, {"ada"}), "not_found");
  EXPECT_EQ(ask(wire::verb::kNameGive.row, {"ada", key}), "failed") << "there is no space";
  EXPECT_EQ(ask(wire::verb::kNameGive.row, {"ada", "key"}), "usage");
  EXPECT_EQ(ask(wire::verb::kNameRest.row, {"ada"}), "not_found");
}

TEST_F(ControlHostTest, TokensAreMadeAndRevokedByTheirVerb) {
  EXPECT_EQ(ask(wire::verb::kToken.row, {"robot"}), "failed") << "there is no space for names";
  EXPECT_EQ(ask(wire::verb::kToken.row, {"robot", "yes"}), "not_found");
}

TEST_F(ControlHostTest, ThePageIsReportedWithTheRoomThatItIsToOpen) {
  EXPECT_EQ(ask(wire::verb::kWeb.row, {}), "failed") << "there is no page";
  inheritance_.page = {test::endpoint("127.0.0.1:8880")};
  EXPECT_THAT(ask(wire::verb::kWeb.row, {}), HasSubstr(R"("room":"")"));
  EXPECT_EQ(ask(wire::verb::kWeb.row, {"nowhere"}), "not_found");
  ask(wire::verb::kRoomMake.row, {"lab"});
  EXPECT_THAT(ask(wire::verb::kWeb.row, {"lab"}), HasSubstr(R"("room":"lab")"));
  EXPECT_THAT(ask(wire::verb::kWeb.row, {config_.room.name}), HasSubstr(R"("room":"")"));
}

TEST_F(ControlHostTest, RulesAreMadeListedAndRemovedByTheirVerbs) {
  enter(ada_, "ada");
  EXPECT_THAT(ask(wire::verb::kBan.row, {"ada", "1h", "noise"}),
              HasSubstr(R"("hit":[{"name":"ada",)"));
  EXPECT_THAT(ada_.drain(), ElementsAre(HasSubstr("by the administrator: banned until "), "EXIT"));
  EXPECT_EQ(changes_, 1);
  EXPECT_THAT(ask(wire::verb::kBans.row, {}), HasSubstr(R"("target":"ada")"));
  EXPECT_THAT(ask(wire::verb::kBans.row, {"chat"}), HasSubstr(R"("target":"ada")"));
  EXPECT_EQ(ask(wire::verb::kBans.row, {"no"}), "not_found");
  EXPECT_THAT(ask(wire::verb::kRoom.row, {"chat"}), HasSubstr(R"("target":"ada")"));
  EXPECT_THAT(ask(wire::verb::kUnban.row, {"ada"}), HasSubstr(R"("reason":"noise")"));
  EXPECT_THAT(ask(wire::verb::kMute.row, {"ada", "", "", "", "yes"}),
              HasSubstr(R"("dry_run":true)"));
  EXPECT_EQ(ask(wire::verb::kUnmute.row, {"ada"}), "not_found");
  EXPECT_EQ(ask(wire::verb::kBans.row, {}), R"({"rules":[]})");
  enter(ada_, "ada");
}

TEST_F(ControlHostTest, RoomsAreChangedByTheirVerbs) {
  EXPECT_EQ(ask(wire::verb::kRoomMake.row, {"lab"}), R"({"name":"lab",)" + kUnsaved);
  EXPECT_EQ(ask(wire::verb::kRoomSet.row, {"lab", "slow", "10"}),
            R"({"room":"lab","property":"slow","value":"10",)" + kUnsaved);
  EXPECT_EQ(ask(wire::verb::kRoomRename.row, {"lab", "art"}),
            R"({"from":"lab","to":"art",)" + kUnsaved);
  EXPECT_THAT(ask(wire::verb::kRoom.row, {"art"}), HasSubstr(R"("slow_seconds":10)"));
  EXPECT_EQ(ask(wire::verb::kRoomOwner.row, {"art", "eve"}), "not_found");
  EXPECT_EQ(ask(wire::verb::kRoomModerator.row, {"art", "eve", "yes"}), "not_found");
  EXPECT_EQ(changes_, 3) << "each change but the refused ones wakes the workers";
}

TEST_F(ControlHostTest, EventsHaveTheRecordsOfTheLogAndTheDeathsOfProcesses) {
  std::vector<std::string> answers;
  const auto keep = [&](const wire::ControlReply& reply) { answers.push_back(reply.value()); };
  host().handlers().run(wire::verb::kEvents.row, {}, keep);
  ASSERT_EQ(answers.size(), 1U);
  const std::string cursor = wire::parse_report<wire::EventsReport>(answers[0])->cursor;
  host().handlers().run(wire::verb::kEvents.row, {cursor}, keep);
  state_.process(2).restarts.store(1);
  const std::initializer_list<LogField> fields{{"CHATD_EVENT", "join"}};
  host().note({LogLevel::info, "ada joined", fields});
  EXPECT_EQ(answers.size(), 1U);
  host().tick(now());
  ASSERT_EQ(answers.size(), 2U);
  const auto report = wire::parse_report<wire::EventsReport>(answers[1]);
  ASSERT_EQ(report->events.size(), 2U);
  EXPECT_EQ(report->events[0].message, "ada joined");
  EXPECT_EQ(report->events[1].message, "worker 1 has died, and is replaced");
  EXPECT_EQ(report->events[1].event, "process_died");
  EXPECT_EQ(report->events[1].process, "worker 1");
}

TEST_F(ControlHostTest, AFollowerOfADeadGatewayGetsItsDeathAndTheNumberOfMissedEvents) {
  constexpr std::int64_t kDeath = 1'000'000;
  state_.process(0).started_wall.store(kDeath);
  state_.process(0).replaced_wall.store(kDeath);
  state_.process(1).replaced_wall.store(kDeath - 1);  // the dead gateway had this one
  state_.counters().events.store(12);
  const auto report =
      wire::parse_report<wire::EventsReport>(ask(wire::verb::kEvents.row, {"abc-1-9"}));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->missed, 3U);
  ASSERT_EQ(report->events.size(), 2U);
  EXPECT_EQ(report->events[0].message, "gateway has died, and is replaced");
  EXPECT_EQ(report->events[0].process, "gateway");
  EXPECT_EQ(report->events[1].event, "process_started");
  EXPECT_EQ(report->events[1].process, "gateway");
  EXPECT_EQ(state_.counters().events.load(), 14U);
}

TEST_F(ControlHostTest, VersionAndFingerprintAreThoseOfThisDaemon) {
  std::vector<std::string> replies;
  const auto keep = [&](const wire::ControlReply& reply) { replies.push_back(reply.value()); };
  host().handlers().run(wire::verb::kVersion.row, {}, keep);
  host().handlers().run(wire::verb::kFingerprint.row, {}, keep);
  EXPECT_THAT(replies, ElementsAre(::testing::StartsWith(R"({"version":")"),
                                   ::testing::StartsWith(R"({"fingerprint":"SHA256:)")));
}

TEST_F(ControlHostTest, AnUpgradeIsAskedAndAnsweredWithItsOutcome) {
  std::vector<control::Answer<wire::EmptyReport>> answers;
  host().upgrade([&](const auto& answer) { answers.push_back(answer); });
  EXPECT_TRUE(std::holds_alternative<sys::AskUpgrade>(asked()));
  EXPECT_TRUE(answers.empty());
  host().on_upgrade_outcome("no such program");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error().code, wire::code::kFailed);
  EXPECT_EQ(answers[0].error().message, "no such program");
}

}  // namespace
}  // namespace chatd::gateway
