// SPDX-License-Identifier: GPL-3.0-or-later
// Every verb, for people and as JSON, by the real program against a scripted daemon.
#include "ctl/answers.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/time.hpp"
#include "common/wire/control/verbs.hpp"
#include "tests/ctl/answers_fixture.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

using AnswersTest = AnswersFixture;

TEST_F(AnswersTest, StatusIsTheDefaultVerb) {
  result_ =
      wire::to_json(wire::StatusReport{.version = "0.9.0",
                                       .pid = 4711,
                                       .started = wall_now() - minutes{185},
                                       .uptime = minutes{185},
                                       .sessions = 3,
                                       .sessions_limit = 10'000,
                                       .sessions_peak = 17,
                                       .messages = 12'345,
                                       .workers_ready = 4,
                                       .workers_configured = 4,
                                       .listen = {"127.0.0.1:8888", "[::1]:8888"},
                                       .language = "en",
                                       .counters = {{"datagrams_in", 5}, {"nothing_yet", 0}}});
  const std::string shown = output({});
  EXPECT_THAT(shown, StartsWith("chatd 0.9.0 is running, pid 4711: all is well\n  started    2"));
  EXPECT_THAT(shown, HasSubstr("(3 h 5 min ago)\n"
                               "  sessions   3 of 10,000, at most 17 so far\n"
                               "  messages   12,345\n"
                               "  workers    4 of 4 ready\n"
                               "  listening  127.0.0.1:8888, [::1]:8888\n"
                               "  config     built-in defaults\n"
                               "  language   en\n"
                               "\n"
                               "COUNTER       VALUE  MEANING\n"
                               "datagrams_in      5\n"));
  EXPECT_THAT(shown, Not(HasSubstr("nothing_yet")));
  EXPECT_EQ(output({"status", "--json"}), result_as_json());
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("status"), request("status")));
}

TEST_F(AnswersTest, UsersAreATable) {
  result_ = wire::to_json(wire::UsersReport{{{.name = "李雷",
                                              .address = "127.0.0.1:40000",
                                              .protocol = "text",
                                              .joined = wall_now() - minutes{3},
                                              .idle = seconds{4},
                                              .messages = 7},
                                             {.name = "ada",
                                              .address = "[::1]:5",
                                              .protocol = "native",
                                              .joined = wall_now() - minutes{120},
                                              .idle = seconds{61},
                                              .messages = 123,
                                              .is_away = true,
                                              .programs = 2}}});
  EXPECT_EQ(output({"users"}),
            "NAME  ADDRESS          PROTOCOL                  JOINED      IDLE  MESSAGES\n"
            "李雷  127.0.0.1:40000  text                      3 min ago    4 s         7\n"
            "ada   [::1]:5          native, 2 programs, away  2 h ago    1 min       123\n"
            "\n"
            "2 members\n");
  EXPECT_EQ(ask({"--json", "users"}).out, result_as_json());
  EXPECT_THAT(ask({"users", "--no-legend"}).out, StartsWith("李雷  127.0.0.1:40000  text"));
}

TEST_F(AnswersTest, WorkersAreATable) {
  result_ = wire::to_json(wire::WorkersReport{
      {{.role = "supervisor", .pid = 10, .state = "ready", .since = wall_now() - minutes{5}},
       {.role = "worker",
        .index = 1,
        .pid = 12,
        .state = "hung",
        .restarts = 2,
        .since = wall_now() - seconds{61},
        .members = 3,
        .datagrams = 99},
       {.role = "worker", .index = 2, .state = "waiting", .since = wall_now() - seconds{61}}}});
  EXPECT_EQ(output({"workers"}),
            "PROCESS     PID  STATE    SINCE      RESTARTS  SESSIONS  DATAGRAMS\n"
            "supervisor   10  ready    5 min ago         0         0          0\n"
            "worker 1     12  hung     1 min ago         2         3         99\n"
            "worker 2      -  waiting  1 min ago         0         0          0\n");
  EXPECT_THAT(ask({"workers", "--color=always"}).out, HasSubstr("\x1b[1;31mhung\x1b[0m "));
  EXPECT_EQ(ask({"workers", "--json"}).out, result_as_json());
}

TEST_F(AnswersTest, AnnounceSendsAllItsWordsAsOneText) {
  result_ = R"({"members":3})";
  EXPECT_EQ(output({"announce", "tea", "is", "ready  now"}), "announced to 3 members\n");
  EXPECT_EQ(ask({"announce", "--json", "--", "-5", "degrees"}).out,
            "{\"schema\":1,\"members\":3}\n");
  chatctl_.input = "from a\nfile\n";
  EXPECT_EQ(ask({"announce", "-"}).status, 0);
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("announce", R"("tea is ready  now")"),
                                              request("announce", R"("-5 degrees")"),
                                              request("announce", R"("from a file")")));
}

TEST_F(AnswersTest, AnnouncingToOneIsInTheSingular) {
  result_ = R"({"members":1})";
  EXPECT_EQ(ask({"announce", "x"}).out, "announced to 1 member\n");
}

TEST_F(AnswersTest, KickNamesTheMember) {
  result_ = R"({"name":"bob","address":"127.0.0.1:40000"})";
  EXPECT_EQ(output({"kick", "bob", "far", "too", "loud"}), "kicked bob (127.0.0.1:40000)\n");
  EXPECT_EQ(ask({"kick", "bob", "--json"}).out,
            R"({"schema":1,"name":"bob","address":"127.0.0.1:40000"})"
            "\n");
  EXPECT_THAT(daemon_.requests(),
              ElementsAre(request("kick", R"("bob","far too loud")"), request("kick", R"("bob")")));
}

TEST_F(AnswersTest, RoomsAreShownAsATable) {
  result_ = wire::to_json(wire::RoomsReport{{{.name = "chat",
                                              .is_default = true,
                                              .is_kept = true,
                                              .members = 2,
                                              .made = wall_now() - minutes{3},
                                              .records = 9,
                                              .log_bytes = 1000},
                                             {.name = "lab", .made = wall_now() - minutes{120}}}});
  EXPECT_EQ(output({"rooms"}),
            "ROOM   MEMBERS  KIND       MADE       RECORDS  BYTES\n"
            "#chat        2  default    3 min ago        9   1000\n"
            "#lab         0  temporary  2 h ago          0      0\n"
            "\n"
            "2 rooms\n");
  EXPECT_EQ(ask({"rooms", "--json"}).out, result_as_json());
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("rooms"), request("rooms")));
}

TEST_F(AnswersTest, ARoomIsShownWithItsMembers) {
  result_ = wire::to_json(wire::RoomReport{
      .room = {.name = "lab", .members = 1, .made = wall_now() - minutes{3}},
      .maker = "SHA256:abc",
      .log_limit_bytes = 65'536,
      .users = {{.name = "ada", .protocol = "native", .joined = wall_now() - minutes{3}}}});
  const std::string shown = output({"room", "#lab"});
  EXPECT_THAT(shown, StartsWith("#lab is a temporary room\n  members    1\n  made       2"));
  EXPECT_THAT(shown, HasSubstr("(3 min ago), by SHA256:abc\n"));
  EXPECT_THAT(shown, HasSubstr("\nada "));
  EXPECT_EQ(ask({"room", "lab", "--json"}).out, result_as_json());
  EXPECT_THAT(daemon_.requests(),
              ElementsAre(request("room", R"("#lab")"), request("room", R"("lab")")));
}

TEST_F(AnswersTest, ARoomIsMadeKeptAndDropped) {
  result_ = R"({"name":"lab","members":1})";
  EXPECT_EQ(ask({"room", "make", "#lab"}).out, "made #lab\n");
  EXPECT_EQ(ask({"room", "keep", "lab"}).out, "#lab stays, also without members\n");
  EXPECT_EQ(ask({"room", "drop", "lab"}).out, "dropped #lab, which had 1 member\n");
  for (const char* change : {"make", "keep", "drop"}) {
    EXPECT_EQ(ask({"--json", "room", change, "lab"}).out, result_as_json());
  }
  EXPECT_THAT(daemon_.requests(),
              ElementsAre(request("room make", R"("#lab")"), request("room keep", R"("lab")"),
                          request("room drop", R"("lab")"), request("room make", R"("lab")"),
                          request("room keep", R"("lab")"), request("room drop", R"("lab")")));
}

TEST_F(AnswersTest, ARoomNamedLikeAVerbNeedsTheHashSign) {
  result_ = R"({"name":"make"})";
  EXPECT_EQ(ask({"room", "keep", "make"}).status, 0);
  EXPECT_EQ(ask({"room", "make", "make"}).status, 0);
  EXPECT_EQ(ask({"room", "make"}).status, 2) << "no room to make";
  (void)ask({"room", "#make"});
  EXPECT_THAT(daemon_.requests(),
              ElementsAre(request("room keep", R"("make")"), request("room make", R"("make")"),
                          request("room", R"("#make")")));
}

// Arguments of the verb that are not given are empty strings in the request.
TEST_F(AnswersTest, TheRoomIsTheLastArgument) {
  result_ = R"({"name":"ada","address":"[::1]:5","room":"lab"})";
  EXPECT_EQ(ask({"kick", "--room", "lab", "ada"}).out, "kicked ada ([::1]:5) from #lab\n");
  EXPECT_EQ(ask({"kick", "ada", "far", "too", "loud", "--room=#lab"}).status, 0);
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("kick", R"("ada","","lab")"),
                                              request("kick", R"("ada","far too loud","#lab")")));
}

TEST_F(AnswersTest, UsersAndAnnounceTakeARoom) {
  result_ = R"({"users":[],"members":1,"room":"lab"})";
  EXPECT_EQ(ask({"users", "--room", "lab", "--no-legend"}).status, 0);
  EXPECT_EQ(ask({"announce", "--room", "lab", "tea", "is", "ready"}).out,
            "announced to 1 member of #lab\n");
  chatctl_.input = "from a\nfile\n";
  EXPECT_EQ(ask({"announce", "-", "--room", "lab"}).status, 0);
  EXPECT_THAT(daemon_.requests(), ElementsAre(request("users", R"("lab")"),
                                              request("announce", R"("tea is ready","lab")"),
                                              request("announce", R"("from a file","lab")")));
}

TEST_F(AnswersTest, ReloadSaysWhatChangedAndWhatNeedsARestart) {
  result_ = R"({"changed":["log.level","limits.burst"],"needs_restart":["network.listen"]})";
  EXPECT_EQ(ask({"reload"}).out,
            "reloaded, changed: log.level, limits.burst\n"
            "only after a restart: network.listen\n");
  EXPECT_EQ(ask({"reload", "--json"}).out, result_as_json());
  result_ = R"({"changed":[],"needs_restart":[]})";
  EXPECT_EQ(ask({"reload"}).out, "reloaded: nothing has changed\n");
}

TEST_F(AnswersTest, ReloadSaysWarnings) {
  result_ = R"({"changed":[],"needs_restart":[],"warnings":["a.toml: b.c: does nothing"]})";
  EXPECT_EQ(ask({"reload"}).out,
            "reloaded: nothing has changed\n"
            "warning: a.toml: b.c: does nothing\n");
}

TEST_F(AnswersTest, PingMeasuresTheRoundTrip) {
  result_ = "{}";
  const std::string shown = output({"ping"});
  EXPECT_THAT(shown, MatchesRegex("chatd answered after [0-9]+\\.[0-9][0-9][0-9] ms\n"));
  EXPECT_THAT(ask({"ping", "--json"}).out,
              MatchesRegex("\\{\"schema\":1,\"round_trip_seconds\":[0-9]+\\.[0-9]+\\}\n"));
}

TEST_F(AnswersTest, VersionShowsBoth) {
  result_ = R"({"version":"7.7.7"})";
  EXPECT_EQ(ask({"version"}).out, "chatctl " CHATD_VERSION "\nchatd   7.7.7\n");
  EXPECT_EQ(ask({"version", "--json"}).out,
            R"({"schema":1,"client":")" CHATD_VERSION R"(","daemon":"7.7.7"})"
            "\n");
}

TEST_F(AnswersTest, HelpAsksNoDaemon) {
  EXPECT_THAT(ask({"help"}).out, StartsWith("usage: chatctl"));
  EXPECT_THAT(ask({"help", "kick"}).out,
              StartsWith("usage: chatctl kick NAME [REASON] [--room ROOM]\n"));
  EXPECT_THAT(ask({"help", "room", "make"}).out, StartsWith("usage: chatctl room make ROOM\n"));
  EXPECT_THAT(ask({"help", "room"}).out, StartsWith("usage: chatctl room ROOM\n"));
  EXPECT_THAT(ask({"help", "--json"}).out, StartsWith(R"({"schema":1,"verbs":[{"name":"status")"));
  EXPECT_THAT(ask({"help", "kick", "--json"}).out, StartsWith(R"({"schema":1,"name":"kick")"));
  EXPECT_TRUE(daemon_.requests().empty());
}

TEST_F(AnswersTest, ControlCharactersOfANameAreEscaped) {
  result_ = R"({"name":"b\u001b[2Jb","address":"\u009b5m"})";
  EXPECT_EQ(ask({"kick", "x"}).out, "kicked b\\x1b[2Jb (\\x9b5m)\n");
}

TEST_F(AnswersTest, AnAnswerThatIsNotTheReportOfTheVerbIsAFailure) {
  result_ = R"({"members":"three"})";
  const Outcome shown = ask({"announce", "x"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_EQ(shown.err, "chatctl: the answer's \"members\" is wrong\n");
}

// A process that ends when it is told to, in place of the daemon's.
class Victim {
 public:
  Victim() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);  // chatctl must not hold the leash
    UniqueFd read_end{ends[0]};
    leash_.reset(ends[1]);
    pid = ::fork();
    if (pid == 0) {
      ::close(ends[1]);
      char c = 0;
      ::_exit(::read(read_end.get(), &c, 1) == 0 ? 0 : 1);
    }
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim() {
    end();
    ::waitpid(pid, nullptr, 0);
  }
  void end() { leash_.reset(); }

  pid_t pid{-1};

 private:
  UniqueFd leash_;
};

TEST(StopAnswer, ComesWhenTheDaemonsProcessHasEnded) {
  Victim victim;
  Chatctl chatctl;
  FakeDaemon daemon{[&](const std::string&) {
    victim.end();
    return FakeDaemon::ok(R"({"pid":)" + std::to_string(victim.pid) + "}");
  }};
  const std::string pid = std::to_string(victim.pid);
  const Outcome shown = chatctl.run({"stop", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_EQ(shown.out, "stopped chatd, which was pid " + pid + "\n");
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(victim.pid), &info, WEXITED | WNOHANG | WNOWAIT), 0);
  EXPECT_EQ(info.si_pid, victim.pid) << "it has not ended yet";
  EXPECT_EQ(chatctl.run({"--json", "stop", "--socket", daemon.path()}).out,
            R"({"schema":1,"pid":)" + pid + "}\n");
}

// Answers `status` as one daemon before and as another one after the upgrade.
FakeDaemon upgradable(bool does) {
  return FakeDaemon{[does, upgraded = std::make_shared<bool>(false)](const std::string& line) {
    if (line.find("upgrade") != std::string::npos) {
      *upgraded = does;
      return FakeDaemon::ok("{}");
    }
    wire::StatusReport report;
    report.version = *upgraded ? "2.0" : "1.0";
    report.pid = 4711;
    report.sessions = 3;
    report.started = WallTime{std::chrono::seconds{*upgraded ? 2000 : 1000}};
    return FakeDaemon::ok(to_json(report));
  }};
}

TEST_F(AnswersTest, ArchiveIsShownAsItIs) {
  result_ = wire::to_json(wire::ArchiveReport{.state = "ok", .lines = 3, .max_bytes = 1U << 20U});
  EXPECT_THAT(output({"archive"}), StartsWith("  state      ok\n  stored     3 lines, "));
  EXPECT_EQ(output({"archive", "--json"}), result_as_json());
}

// A daemon that has the lines 0 to 9, and gives at most three of them at once.
TEST(HistoryAnswer, PagesAreAskedForUntilThereAreEnough) {
  Chatctl chatctl;
  std::vector<std::string> asked;
  FakeDaemon daemon{[&](const std::string& line) {
    const auto request = wire::decode_request(line).value();
    asked.push_back(request.args.at(1) + "<" + request.args.at(2));
    const auto before = request.args.at(2).empty() ? 10UL : std::stoul(request.args.at(2));
    const auto count = std::min({3UL, std::stoul(request.args.at(1)), before});
    wire::HistoryReport report{.room = "chat", .lines = {}, .more = before > count};
    for (auto i = before - count; i < before; ++i) {
      report.lines.push_back({.number = i, .kind = "say", .name = "ada", .text = "x"});
    }
    return FakeDaemon::ok(to_json(report));
  }};
  const auto shown = chatctl.run({"history", "chat", "--lines", "5", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(asked, ElementsAre("5<", "2<7"));
  EXPECT_THAT(shown.out, StartsWith("(older lines: chatctl history chat --before 5)\n"));
  EXPECT_THAT(shown.out, HasSubstr("#5 <ada> x\n"));
  asked.clear();
  const auto all = chatctl.run({"--json", "history", "chat", "--socket", daemon.path()});
  EXPECT_THAT(asked, ElementsAre("50<", "47<7", "44<4", "41<1"));
  EXPECT_THAT(all.out, HasSubstr(R"("more":false)"));
  EXPECT_EQ(chatctl.run({"history", "chat", "--lines", "0", "--socket", daemon.path()}).status, 2);
}

TEST(UpgradeAnswer, NamesTheVersionsAndTheNumberOfSessions) {
  Chatctl chatctl;
  FakeDaemon daemon = upgradable(true);
  EXPECT_EQ(chatctl.run({"upgrade", "--socket", daemon.path()}).out,
            "chatd 2.0, which was 1.0 goes on as pid 4711, with 3 sessions\n");
}

TEST(UpgradeAnswer, IsAFailureIfTheOldOneStillAnswers) {
  Chatctl chatctl;
  FakeDaemon daemon = upgradable(false);
  const Outcome shown = chatctl.run({"upgrade", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 1);
  EXPECT_EQ(shown.err, "chatctl: the old program still runs; its log says why\n");
}

TEST(StopAnswer, IsAFailureWhenTheDaemonStaysTooLong) {
  Victim victim;
  Chatctl chatctl;
  FakeDaemon daemon{[&](const std::string&) {
    return FakeDaemon::ok(R"({"pid":)" + std::to_string(victim.pid) + "}");
  }};
  const Outcome shown = chatctl.run({"stop", "--timeout=3", "--socket", daemon.path()});
  EXPECT_EQ(shown.status, 1);
  EXPECT_EQ(shown.err, "chatctl: chatd is stopping, but still there after 3 s\n");
}

}  // namespace
}  // namespace chatd::ctl
