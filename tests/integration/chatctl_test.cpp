// SPDX-License-Identifier: GPL-3.0-or-later
// chatctl_test.cpp — each verb of chatctl against the real daemon: text, JSON and exit status.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/io/unix_socket.hpp"
#include "common/wire/text/phrases.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Chatctl : public ::testing::Test {
 protected:
  Chatctl() {
    ada_.enter("ada");
    bob_.enter("bob");
    EXPECT_EQ(ada_.line(), "bob joined the chat");
  }

  DaemonUnderTest daemon_{{.arguments = {"--workers", "2"}}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_F(Chatctl, StatusShowsTheStateOfTheDaemon) {
  ada_.send("C hello");
  EXPECT_EQ(bob_.line(), "ada : hello");
  EXPECT_TRUE(eventually([&] { return daemon_.counter("lines_delivered") == 2U; }));
  const auto report = daemon_.ctl_json({"status"});
  EXPECT_EQ(report.at("schema"), 1);
  EXPECT_EQ(report.at("pid"), daemon_.pid());
  EXPECT_EQ(report.at("sessions"), 2);
  EXPECT_EQ(report.at("sessions_peak"), 2);
  EXPECT_EQ(report.at("sessions_limit"), 10'000);
  EXPECT_EQ(report.at("messages"), 1);
  EXPECT_EQ(report.at("workers_ready"), 2);
  EXPECT_EQ(report.at("workers_configured"), 2);
  EXPECT_THAT(report.at("listen"), ElementsAre(to_text(daemon_.endpoint())));
  EXPECT_EQ(report.at("counters").at("joins"), 2);
  EXPECT_EQ(report.at("counters").at("lines_delivered"), 2);

  const Finished shown = daemon_.ctl({"status"});
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.out, AllOf(HasSubstr("is running, pid " + std::to_string(daemon_.pid())),
                               HasSubstr("2 of 2 ready"), HasSubstr(to_text(daemon_.endpoint())),
                               HasSubstr("built-in defaults")));
  EXPECT_EQ(daemon_.ctl({}).out.substr(0, 20), shown.out.substr(0, 20));
}

TEST_F(Chatctl, UsersListsTheMembers) {
  ada_.send("C hello");
  EXPECT_EQ(bob_.line(), "ada : hello");
  const auto users = daemon_.ctl_json({"users"}).at("users");
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users[0].at("name"), "ada");
  EXPECT_EQ(users[0].at("address"), to_text(ada_.socket().endpoint()));
  EXPECT_EQ(users[0].at("protocol"), "text");
  EXPECT_EQ(users[0].at("messages"), 1);
  EXPECT_EQ(users[1].at("name"), "bob");
  EXPECT_THAT(users[1].at("joined").get<std::string>(), ContainsRegex("^20.*Z$"));

  const Finished shown = daemon_.ctl({"users"});
  EXPECT_THAT(shown.out, AllOf(StartsWith("NAME "), HasSubstr("\nada "), HasSubstr("\nbob "),
                               HasSubstr("2 members")));
  EXPECT_THAT(daemon_.ctl({"users", "--no-legend"}).out, StartsWith("ada "));
  EXPECT_THAT(daemon_.ctl({"users", "--color=always"}).out, HasSubstr("\x1b["));
}

TEST_F(Chatctl, WorkersListsEveryProcess) {
  // The service is ready without the archive.
  EXPECT_TRUE(
      eventually([&] { return daemon_.processes("archive").at(0).at("state") == "ready"; }));
  const auto rows = daemon_.ctl_json({"workers"}).at("processes");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].at("role"), "supervisor");
  EXPECT_EQ(rows[0].at("pid"), daemon_.pid());
  EXPECT_EQ(rows[1].at("role"), "gateway");
  EXPECT_EQ(rows[2].at("role"), "worker");
  EXPECT_EQ(rows[3].at("index"), 1);
  EXPECT_EQ(rows[4].at("role"), "archive");
  for (const auto& row : rows) {
    EXPECT_EQ(row.at("state"), "ready");
    EXPECT_EQ(row.at("restarts"), 0);
    EXPECT_EQ(::kill(row.at("pid").get<pid_t>(), 0), 0);
  }
  EXPECT_THAT(daemon_.ctl({"workers"}).out,
              AllOf(StartsWith("PROCESS "), HasSubstr("\ngateway "), HasSubstr("\nworker 1 ")));
}

TEST_F(Chatctl, AnnounceReachesAllMembersAndPrintsTheirNumber) {
  const Finished said = daemon_.ctl({"announce", "tea", "is", "ready"});
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.out, "announced to 2 members\n");
  EXPECT_EQ(daemon_.ctl_json({"announce", "and cake"}).at("members"), 2);
  EXPECT_EQ(daemon_.ctl({"announce", "-"}, {.input = "from\nfar\n"}).status, 0);
  for (TextClient* client : {&ada_, &bob_}) {
    EXPECT_EQ(client->line(), "[admin] tea is ready");
    EXPECT_EQ(client->line(), "[admin] and cake");
    EXPECT_EQ(client->line(), "[admin] from far");
  }
  EXPECT_EQ(daemon_.ctl({"announce", ""}).status, 2);
  EXPECT_EQ(daemon_.ctl({"announce", std::string(901, 'x')}).status, 1);
}

TEST_F(Chatctl, KickNotifiesTheKickedMemberAndTheOthers) {
  const Finished kicked = daemon_.ctl({"kick", "BOB", "too", "loud"});
  EXPECT_EQ(kicked.status, 0) << kicked.err;
  EXPECT_EQ(kicked.out, "kicked bob (" + to_text(bob_.socket().endpoint()) + ")\n");
  EXPECT_EQ(bob_.answer(), "You were removed from the server by the administrator: too loud");
  EXPECT_EQ(bob_.answer(), "EXIT");
  EXPECT_EQ(ada_.line(), "bob was removed by the administrator: too loud");
  EXPECT_THAT(daemon_.names(), ElementsAre("ada"));
  EXPECT_THAT(daemon_.log(), HasSubstr("bob left (kicked: too loud)"));

  EXPECT_EQ(daemon_.ctl_json({"kick", "ada"}).at("name"), "ada");
  EXPECT_EQ(ada_.answer(), "You were removed from the server by the administrator.");
  EXPECT_EQ(ada_.answer(), "EXIT");
  const Finished missing = daemon_.ctl({"kick", "ada"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("nobody is called ada"));
  bob_.enter("bob");
}

TEST_F(Chatctl, RoomsAreMadeKeptShownAndDropped) {
  EXPECT_EQ(daemon_.ctl({"room", "make", "#Lab"}).out, "made #Lab\n");
  EXPECT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 1);
  EXPECT_EQ(daemon_.ctl({"room", "make", "a b"}).status, 2);
  EXPECT_EQ(daemon_.ctl({"room", "keep", "lab"}).out, "#Lab stays, also without members\n");
  const auto rooms = daemon_.ctl_json({"rooms"}).at("rooms");
  ASSERT_EQ(rooms.size(), 2U);
  EXPECT_EQ(rooms[0].at("name"), "chat");
  EXPECT_EQ(rooms[0].at("members"), 2);
  EXPECT_EQ(rooms[1].at("name"), "Lab");
  EXPECT_EQ(rooms[1].at("kept"), true);
  EXPECT_THAT(daemon_.ctl({"rooms"}).out,
              AllOf(StartsWith("ROOM "), HasSubstr("\n#chat "), HasSubstr("\n#Lab ")));
  EXPECT_THAT(daemon_.ctl({"room", "lab"}).out, StartsWith("#Lab is a kept room\n"));
  EXPECT_THAT(daemon_.ctl({"room", "chat"}).out,
              AllOf(StartsWith("#chat is the default room\n"), HasSubstr("\nada ")));
  EXPECT_EQ(daemon_.ctl_json({"room", "drop", "lab"}).at("members"), 0);
  EXPECT_EQ(daemon_.ctl({"room", "lab"}).status, 1);
  EXPECT_EQ(daemon_.ctl({"room", "drop", "chat"}).status, 1);
}

TEST_F(Chatctl, TheOptionRoomIsForThatRoomOnly) {
  ASSERT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 0);
  EXPECT_EQ(daemon_.ctl({"announce", "--room", "lab", "only", "here"}).out,
            "announced to 0 members of #lab\n");
  EXPECT_EQ(daemon_.ctl_json({"users", "--room", "lab"}).at("users").size(), 0U);
  EXPECT_EQ(daemon_.ctl_json({"users", "--room", "chat"}).at("users").size(), 2U);
  const Finished kicked = daemon_.ctl({"kick", "--room", "lab", "bob"});
  EXPECT_EQ(kicked.status, 1);
  EXPECT_THAT(kicked.err, HasSubstr("bob is not in #lab"));
  EXPECT_EQ(daemon_.ctl({"announce", "all"}).out, "announced to 2 members\n");
  EXPECT_EQ(bob_.line(), "[admin] all");
}

TEST_F(Chatctl, ABannedMemberLeavesAndIsRefusedUntilTheBanIsRemoved) {
  const Finished dry = daemon_.ctl({"ban", "bob", "--dry-run"});
  EXPECT_EQ(dry.status, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("would remove bob"), HasSubstr("Nothing was changed.")));
  const Finished banned = daemon_.ctl({"ban", "BOB", "--for", "1h", "--reason", "too loud"});
  EXPECT_EQ(banned.status, 0) << banned.err;
  EXPECT_THAT(banned.out, AllOf(StartsWith("banned the name bob, until 20"),
                                HasSubstr("\nremoved bob (127.0.0.1:"),
                                HasSubstr("\nundo it with: chatctl unban 1\n")));
  EXPECT_THAT(bob_.answer(),
              ContainsRegex("^You were removed from the server by the administrator: banned until "
                            "20.* UTC: too loud$"));
  EXPECT_EQ(bob_.answer(), "EXIT");
  bob_.send("L bob");
  EXPECT_THAT(bob_.answer(), ContainsRegex("^banned until 20.* UTC: too loud$"));
  EXPECT_THAT(daemon_.log(), AllOf(HasSubstr("name bob is banned until 20"),
                                   HasSubstr("You are banned from this server.")));
  const auto rules = daemon_.ctl_json({"bans"}).at("rules");
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].at("hits"), 2);
  EXPECT_EQ(rules[0].at("undo"), "chatctl unban 1");
  EXPECT_EQ(daemon_.ctl({"unban", "1"}).out, "unbanned the name bob\n");
  EXPECT_EQ(daemon_.ctl({"bans"}).out, "no bans, no mutes\n");
  EXPECT_EQ(daemon_.ctl({"unban", "1"}).status, 1);
  bob_.enter("bob");
}

TEST_F(Chatctl, ABanSurvivesTheDeathOfTheGateway) {
  ASSERT_EQ(daemon_.ctl({"ban", "bob"}).status, 0);
  EXPECT_THAT(bob_.answer(), HasSubstr("banned"));
  EXPECT_EQ(bob_.answer(), "EXIT");
  const auto rows = daemon_.ctl_json({"workers"}).at("processes");
  ASSERT_EQ(rows[1].at("role"), "gateway");
  ASSERT_EQ(::kill(rows[1].at("pid").get<pid_t>(), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return daemon_.ctl({"bans"}).status == 0; }));
  bob_.send("L bob");
  EXPECT_EQ(bob_.answer(), "banned");
}

TEST_F(Chatctl, EventsFollowsJoinsAndBansAndTheDeathOfTheGateway) {
  const TempDir directory;
  const Streams streams{.out = directory / "out", .err = directory / "err"};
  const pid_t events = start_program(
      {chatctl_program(), "--socket", daemon_.control(), "--json", "events"}, {}, streams);
  const auto seen = [&](const std::string& text) {
    return eventually([&] { return file_text(streams.out).find(text) != std::string::npos; });
  };
  // Events before its first request are not in the output.
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(daemon_.ctl({"kick", "nobody"}).status, 1);
    return file_text(streams.out).find(R"("event":"control")") != std::string::npos;
  }));
  TextClient late{daemon_.endpoint(), Kind::bare};
  late.enter("late");
  EXPECT_TRUE(seen(R"("message":"late joined from )"));
  ASSERT_EQ(daemon_.ctl({"kick", "bob", "noise"}).status, 0);
  EXPECT_TRUE(seen(R"("reason":"noise")"));
  const auto rows = daemon_.ctl_json({"workers"}).at("processes");
  ASSERT_EQ(::kill(rows[1].at("pid").get<pid_t>(), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return daemon_.ctl({"ban", "eve"}).status == 0; }));
  EXPECT_TRUE(seen(R"("event":"ban")"));
  EXPECT_TRUE(seen(R"("message":"gateway has died, and is replaced")"));
  ASSERT_EQ(::kill(events, SIGTERM), 0);
  (void)wait_for_program(events, kGenerous);
}

TEST_F(Chatctl, PingVersionAndHelp) {
  EXPECT_THAT(daemon_.ctl({"ping"}).out, StartsWith("chatd answered after "));
  EXPECT_GE(daemon_.ctl_json({"ping"}).at("round_trip_seconds"), 0);
  EXPECT_THAT(daemon_.ctl({"version"}).out, AllOf(StartsWith("chatctl "), HasSubstr("chatd ")));
  const auto versions = daemon_.ctl_json({"version"});
  EXPECT_EQ(versions.at("client"), versions.at("daemon"));
  EXPECT_THAT(daemon_.ctl({"help"}).out, AllOf(HasSubstr("announce"), HasSubstr("kick")));
  EXPECT_THAT(daemon_.ctl({"help", "kick"}).out, HasSubstr("NAME [REASON]"));
}

TEST_F(Chatctl, ChangesAreLoggedWithTheUserWhoMadeThem) {
  EXPECT_EQ(daemon_.ctl({"announce", "a secret"}).status, 0);
  EXPECT_EQ(daemon_.ctl({"kick", "nobody"}).status, 1);
  EXPECT_EQ(daemon_.ctl({"users"}).status, 0);
  const std::string uid = std::to_string(::getuid());
  const std::string log = daemon_.log();
  EXPECT_THAT(log, ContainsRegex("control: announce by uid " + uid + ", pid [0-9]+: ok"));
  EXPECT_THAT(log, ContainsRegex("control: kick by uid " + uid + ", pid [0-9]+: not_found"));
  EXPECT_THAT(log, Not(HasSubstr("control: users")));
  EXPECT_THAT(log, Not(HasSubstr("a secret")));
}

TEST_F(Chatctl, AWrongCommandLineIsAUsageError) {
  const Finished unknown = daemon_.ctl({"anounce", "x"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"announce\"?"));
  EXPECT_EQ(daemon_.ctl({"kick"}).status, 2);
  EXPECT_EQ(daemon_.ctl({"status", "--no-such-option"}).status, 2);
  const Finished json = daemon_.ctl({"--json", "kick"});
  EXPECT_EQ(json.status, 2);
  EXPECT_EQ(nlohmann::json::parse(json.err).at("error").at("code"), "usage");
}

TEST_F(Chatctl, AUserWithoutPermissionIsRefused) {
  ProgramOptions other_user;
  if (::geteuid() == 0) {
    other_user.uid = 65534;  // nobody
  } else {
    ASSERT_EQ(::chmod(daemon_.control().c_str(), 0), 0);
  }
  const Finished refused = daemon_.ctl({"status"}, other_user);
  EXPECT_EQ(refused.status, 4) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("no permission"));
  const Finished json = daemon_.ctl({"--json", "stop"}, other_user);
  EXPECT_EQ(json.status, 4);
  EXPECT_EQ(nlohmann::json::parse(json.err).at("error").at("code"), "denied");
}

TEST_F(Chatctl, WithoutADaemonTheErrorAndTheExitStatusReportIt) {
  daemon_.stop();
  const Finished status = daemon_.ctl({"status"});
  EXPECT_EQ(status.status, 3);
  EXPECT_THAT(status.err, HasSubstr("no chatd is listening on " + daemon_.control()));
  for (const char* verb : {"users", "workers", "reload", "stop", "ping"}) {
    EXPECT_EQ(daemon_.ctl({verb}).status, 7) << verb;
  }
  EXPECT_EQ(daemon_.ctl({"help"}).status, 0);
  const Finished json = daemon_.ctl({"--json", "users"});
  EXPECT_EQ(json.status, 7);
  EXPECT_THAT(json.out, IsEmpty());
  EXPECT_EQ(nlohmann::json::parse(json.err).at("error").at("code"), "not_running");
}

TEST_F(Chatctl, TheSocketMayComeFromTheEnvironment) {
  const Finished ping = run_program({chatctl_program(), "ping"},
                                    {.environment = {{"CHATD_CONTROL", daemon_.control()}}});
  EXPECT_EQ(ping.status, 0) << ping.err;
}

TEST_F(Chatctl, WatchRepeatsUntilTheDaemonIsGone) {
  const TempDir directory;
  const Streams streams{.out = directory / "out", .err = directory / "err"};
  const pid_t watch = start_program(
      {chatctl_program(), "--socket", daemon_.control(), "--json", "--watch=0.1", "status"}, {},
      streams);
  EXPECT_TRUE(eventually([&] {
    const std::string text = file_text(streams.out);
    return std::ranges::count(text, '\n') >= 3;
  }));
  ASSERT_EQ(::kill(daemon_.pid(), SIGTERM), 0);
  EXPECT_EQ(wait_for_program(watch, kGenerous), 3);
  daemon_.expect_end();
}

// A connection as `nc -U` makes it.
TEST_F(Chatctl, TheSocketAcceptsRequestsTypedByHand) {
  auto connected = io::connect_unix(daemon_.control(), std::chrono::seconds{10});
  ASSERT_TRUE(connected.has_value());
  const auto ask = [&](std::string line) {
    line += '\n';
    EXPECT_EQ(::write(connected->get(), line.data(), line.size()),
              static_cast<ssize_t>(line.size()));
    std::string reply;
    for (char c = 0; ::read(connected->get(), &c, 1) == 1 && c != '\n';) reply += c;
    return nlohmann::json::parse(reply, nullptr, false);
  };
  const auto users = ask(R"({"verb":"users"})");
  EXPECT_EQ(users.at("schema"), 1);
  EXPECT_EQ(users.at("ok"), true);
  EXPECT_EQ(users.at("result").at("users").size(), 2U);
  const auto announced = ask(R"({"schema":1,"verb":"announce","args":["typed by hand"]})");
  EXPECT_EQ(announced.at("result").at("members"), 2);
  EXPECT_EQ(ada_.line(), "[admin] typed by hand");
  EXPECT_EQ(ask(R"({"verb":"dance"})").at("error").at("code"), "unknown_verb");
  EXPECT_EQ(ask("hello").at("error").at("code"), "malformed");
}

}  // namespace
}  // namespace chatd::test
