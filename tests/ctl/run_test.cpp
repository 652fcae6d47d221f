// SPDX-License-Identifier: GPL-3.0-or-later
// Every exit status, and what is said with it, by the real program.
#include "ctl/run.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/verbs.hpp"
#include "tests/ctl/chatctl.hpp"
#include "tests/ctl/fake_daemon.hpp"

namespace chatd::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// As many arguments as the verb needs.
std::vector<std::string> call_of(const wire::Verb& verb) {
  std::vector<std::string> words;
  std::istringstream name{std::string{verb.name}};
  for (std::string word; name >> word;) words.push_back(word);
  words.insert(words.end(), verb.min_args, "x");
  return words;
}

TEST(Run, WithoutADaemonStatusIsThreeAndEveryOtherVerbSeven) {
  Chatctl chatctl;
  chatctl.environment = {"CHATD_CONTROL=/no/such/control.sock"};
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.client_only) continue;
    const Outcome outcome = chatctl.run(call_of(verb));
    EXPECT_EQ(outcome.status, verb.name == "status" ? 3 : 7) << verb.name;
    EXPECT_EQ(outcome.err, "chatctl: no chatd is listening on /no/such/control.sock\n");
  }
  EXPECT_EQ(chatctl.run({}).status, 3);
}

TEST(Run, WithoutADaemonTheErrorIsJsonWhenThatIsWanted) {
  Chatctl chatctl;
  chatctl.environment = {"CHATD_CONTROL=/no/such/control.sock"};
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.client_only) continue;
    auto words = call_of(verb);
    words.emplace_back("--json");
    const Outcome outcome = chatctl.run(words);
    EXPECT_EQ(outcome.err, R"({"schema":1,"error":{"code":"not_running","message":)"
                           R"("no chatd is listening on /no/such/control.sock"}})"
                           "\n");
    // Only chatctl's own version is known without a daemon.
    EXPECT_EQ(outcome.out, verb.name == "version" ? R"({"schema":1,"client":")" CHATD_VERSION
                                                    R"(","daemon":null})"
                                                    "\n"
                                                  : "");
  }
}

TEST(Run, ASocketWithoutAListenerIsNoDaemon) {
  Chatctl chatctl;
  FakeDaemon daemon;  // only for its directory
  const std::string path = daemon.directory() + "/stale.sock";
  ASSERT_TRUE(io::listen_unix(path));
  EXPECT_EQ(chatctl.run({"--socket", path}).status, 3);
  EXPECT_EQ(chatctl.run({"ping", "--socket", path}).status, 7);
}

TEST(Run, WithoutPermissionItIsFour) {
  Chatctl chatctl;
  FakeDaemon daemon;
  ASSERT_EQ(::chmod(daemon.directory().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(daemon.path().c_str(), 0), 0);
  if (::geteuid() == 0) chatctl.uid = 65'534;
  for (const char* verb : {"status", "users"}) {
    const Outcome outcome = chatctl.run({verb, "--socket", daemon.path()});
    EXPECT_EQ(outcome.status, 4);
    EXPECT_EQ(outcome.err,
              "chatctl: no permission for " + daemon.path() + ": it is another user's; use sudo\n");
  }
}

TEST(Run, TheDaemonsRefusalDecidesTheStatus) {
  const std::vector<std::pair<std::string, int>> statuses{
      {"failed", 1},    {"not_found", 1}, {"busy", 1},         {"bad_config", 1}, {"too_long", 1},
      {"malformed", 1}, {"denied", 4},    {"unknown_verb", 2}, {"usage", 2},      {"something", 1}};
  std::string code;
  Chatctl chatctl;
  FakeDaemon daemon{[&](const std::string&) { return FakeDaemon::error(code, "be\\u001bcause"); }};
  for (const auto& [given, status] : statuses) {
    code = given;
    const Outcome outcome = chatctl.run({"--socket", daemon.path(), "reload"});
    EXPECT_EQ(outcome.status, status) << code;
    EXPECT_THAT(outcome.err, StartsWith("chatctl: be\\x1bcause\n")) << code;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_EQ(chatctl.run({"--socket", daemon.path(), "reload", "--json"}).err,
              R"({"schema":1,"error":{"code":")" + code +
                  R"(","message":"be\u001bcause"}})"
                  "\n");
  }
}

TEST(Run, ADaemonThatNeverAnswersTimesOut) {
  Chatctl chatctl;
  FakeDaemon daemon;
  const Outcome outcome = chatctl.run({"--timeout=0.1", "status", "--socket", daemon.path()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "chatctl: chatd did not answer within 0.1 s\n");
  EXPECT_THAT(chatctl.run({"--timeout=0.1", "--json", "--socket", daemon.path()}).err,
              HasSubstr(R"("code":"timeout")"));
}

TEST(Run, AMalformedAnswerIsAFailure) {
  Chatctl chatctl;
  std::string answer;
  FakeDaemon daemon{[&](const std::string&) { return answer; }};
  for (const char* nonsense : {"", "hello\n", "{}\n", "{\"schema\":2}\n", "{\"ok\":tr"}) {
    answer = nonsense;
    const Outcome outcome = chatctl.run({"ping", "--socket", daemon.path()});
    EXPECT_EQ(outcome.status, 1) << nonsense;
    EXPECT_THAT(outcome.err, StartsWith("chatctl: ")) << nonsense;
  }
}

TEST(Run, AUsageErrorIsStatusTwoAndAsksNoDaemon) {
  Chatctl chatctl;
  FakeDaemon daemon;
  chatctl.environment = {"CHATD_CONTROL=" + daemon.path()};
  const std::vector<std::vector<std::string>> calls{
      {"frobnicate"},      {"announce"},           {"kick"},        {"status", "x"},
      {"ping", "--watch"}, {"--nonsense"},         {"--socket"},    {"stat"},
      {"--timeout", "0"},  {"help", "frobnicate"}, {"users", "-x"}, {"--color=blue"},
      {"help", "a", "b"},  {"--no-leg"},           {"--watch=x"},   {"room"},
      {"room", "make"},    {"room", "a", "b"}};
  for (const auto& call : calls) {
    const Outcome outcome = chatctl.run(call);
    EXPECT_EQ(outcome.status, 2) << call[0];
    EXPECT_THAT(outcome.err, HasSubstr("Try \"chatctl --help\".")) << call[0];
    auto as_json = call;
    as_json.insert(as_json.begin(), "--json");
    EXPECT_THAT(chatctl.run(as_json).err, StartsWith(R"({"schema":1,"error":{"code":"u)"))
        << call[0];
  }
  EXPECT_THAT(daemon.requests(), IsEmpty());
}

TEST(Run, TheRefusalOfAnOptionNamesTheVerbsThatTakeIt) {
  Chatctl chatctl;
  for (const auto& call : std::vector<std::vector<std::string>>{
           {"rooms", "--room", "lab"}, {"room", "make", "art", "--room=lab"}, {"--room", "lab"}}) {
    const Outcome outcome = chatctl.run(call);
    EXPECT_EQ(outcome.status, 2) << call[0];
    EXPECT_THAT(outcome.err,
                StartsWith("chatctl: --room goes with users, announce, kick, ban, mute, "
                           "unban, unmute, bans, invite, search, export, erase and web\n"));
  }
  EXPECT_THAT(
      chatctl.run({"room", "drop", "lab", "--watch"}).err,
      StartsWith("chatctl: --watch goes with status, users, rooms, room, archive and workers\n"));
}

TEST(Run, AnEmptyRoomIsAUsageError) {
  Chatctl chatctl;
  for (const auto& call : std::vector<std::vector<std::string>>{{"users", "--room", ""},
                                                                {"kick", "--room", "", "a"}}) {
    const Outcome outcome = chatctl.run(call);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, StartsWith("chatctl: --room is empty\n"));
  }
  EXPECT_THAT(chatctl.run({"users", "--room="}).err,
              StartsWith("chatctl: the option --room= needs a value\n"));
}

TEST(Run, AMistypedVerbGetsTheNearestOneAsASuggestion) {
  Chatctl chatctl;
  EXPECT_THAT(chatctl.run({"statsu"}).err,
              HasSubstr("there is no verb \"statsu\", did you mean \"status\"?"));
}

TEST(Run, TheFirstWordOfAVerbAloneGetsTheVerbsThatBeginWithIt) {
  Chatctl chatctl;
  EXPECT_THAT(
      chatctl.run({"name"}).err,
      HasSubstr("there is no verb \"name\", but there is name give, name take, name rest\n"));
}

TEST(Run, AMisspeltSecondWordOfAVerbIsNamed) {
  Chatctl chatctl;
  const Outcome outcome = chatctl.run({"room", "sett", "lab", "slow", "10"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err,
              StartsWith("chatctl: there is no verb \"room sett\", did you mean \"room set\"?\n"));
  EXPECT_THAT(chatctl.run({"room", "lab", "please"}).err,
              StartsWith("chatctl: usage: chatctl room ROOM\n"));
  EXPECT_THAT(chatctl.run({"ban", "bob", "noise"}).err,
              StartsWith("chatctl: usage: chatctl ban TARGET [--for TIME]"));
}

TEST(Run, TheSocketOptionOverridesTheVariable) {
  Chatctl chatctl;
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::ok("{}"); }};
  chatctl.environment = {"CHATD_CONTROL=" + daemon.path()};
  EXPECT_EQ(chatctl.run({"ping"}).status, 0);
  EXPECT_EQ(chatctl.run({"ping", "--socket", "/no/such/control.sock"}).status, 7);
  chatctl.environment = {"CHATD_CONTROL=/no/such/control.sock"};
  EXPECT_EQ(chatctl.run({"--socket=" + daemon.path(), "ping"}).status, 0);
}

TEST(Run, WatchingEndsWithTheDaemon) {
  Chatctl chatctl;
  int asked = 0;
  FakeDaemon* self = nullptr;
  FakeDaemon daemon{[&](const std::string&) {
    if (++asked == 3) self->end();
    return FakeDaemon::ok(R"({"users":[]})");
  }};
  self = &daemon;
  const Outcome outcome =
      chatctl.run({"users", "--watch=0.1", "--json", "--socket", daemon.path()});
  EXPECT_EQ(outcome.status, 7);
  const std::string line = "{\"schema\":1,\"users\":[]}\n";
  EXPECT_EQ(outcome.out, line + line + line);
  EXPECT_THAT(daemon.requests(), SizeIs(3));
}

TEST(Run, WatchingEndsWithADaemonThatEndsBeforeItsAnswer) {
  Chatctl chatctl;
  int asked = 0;
  FakeDaemon* self = nullptr;
  FakeDaemon daemon{[&](const std::string&) {
    if (++asked == 1) return FakeDaemon::ok(R"({"users":[]})");
    self->end();
    return std::string{};
  }};
  self = &daemon;
  const Outcome outcome = chatctl.run({"users", "--watch=0.1", "--socket", daemon.path()});
  EXPECT_EQ(outcome.status, 7);
  EXPECT_EQ(outcome.err, "chatctl: no chatd is listening on " + daemon.path() + "\n");
}

TEST(Run, RoundsOfWatchingAreSeparatedByEmptyLines) {
  Chatctl chatctl;
  int asked = 0;
  FakeDaemon* self = nullptr;
  FakeDaemon daemon{[&](const std::string&) {
    if (++asked == 2) self->end();
    return FakeDaemon::ok(R"({"processes":[]})");
  }};
  self = &daemon;
  const Outcome outcome = chatctl.run({"--watch=0.1", "workers", "--socket", daemon.path()});
  const std::string header = "PROCESS  PID  STATE  SINCE  RESTARTS  SESSIONS  DATAGRAMS\n";
  EXPECT_EQ(outcome.out, header + "\n" + header + "\n");
}

TEST(Run, WatchingEndsWhenThePipeIsClosed) {
  Chatctl chatctl;
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::ok(R"({"users":[]})"); }};
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  UniqueFd read_end{ends[0]};
  UniqueFd write_end{ends[1]};
  chatctl.output_file = "/proc/self/fd/" + std::to_string(write_end.get());
  std::thread reader{[&] {
    for (char c = 0; ::read(read_end.get(), &c, 1) == 1 && c != '\n';) continue;
    read_end.reset();
  }};
  const Outcome outcome =
      chatctl.run({"users", "--watch=3600", "--json", "--socket", daemon.path()});
  reader.join();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(daemon.requests(), SizeIs(1));
}

TEST(Run, ColoursAreForTerminalsUnlessAskedFor) {
  Chatctl chatctl;
  FakeDaemon daemon{[](const std::string&) { return FakeDaemon::ok(R"({"users":[]})"); }};
  const std::string bold = "\x1b[1m";
  const auto users = [&](const std::string& option) {
    return chatctl.run({"users", option, "--socket", daemon.path()}).out;
  };
  chatctl.environment = {"TERM=xterm"};
  EXPECT_THAT(users("--color=auto"), StartsWith("NAME"));  // a file is no terminal
  EXPECT_THAT(users("--color=always"), StartsWith(bold));
  EXPECT_THAT(users("--color=never"), StartsWith("NAME"));
  chatctl.environment = {"TERM=xterm", "NO_COLOR=1"};
  EXPECT_THAT(users("--color=always"), StartsWith(bold));  // the command line wins
}

TEST(Run, HelpAndVersionNeedNoDaemon) {
  Chatctl chatctl;
  for (const char* option : {"--help", "-h"}) {
    const Outcome help = chatctl.run({option});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, StartsWith("usage: chatctl"));
  }
  EXPECT_THAT(chatctl.run({"kick", "--help"}).out, StartsWith("usage: chatctl kick NAME"));
  EXPECT_THAT(chatctl.run({"room", "make", "--help"}).out,
              StartsWith("usage: chatctl room make ROOM\n"));
  EXPECT_THAT(chatctl.run({"room", "lab", "--help"}).out, StartsWith("usage: chatctl room ROOM\n"));
  EXPECT_EQ(chatctl.run({"--version"}).out, "chatctl " CHATD_VERSION "\n");
  EXPECT_EQ(chatctl.run({"--version", "--json"}).out,
            "{\"schema\":1,\"version\":\"" CHATD_VERSION "\"}\n");
}

TEST(Run, AFullDiskIsAFailure) {
  Chatctl chatctl;
  chatctl.output_file = "/dev/full";
  const Outcome outcome = chatctl.run({"help"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "chatctl: standard output: No space left on device\n");
}

}  // namespace
}  // namespace chatd::ctl
