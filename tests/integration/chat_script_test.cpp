// SPDX-License-Identifier: GPL-3.0-or-later
// chat_script_test.cpp — uchat without a terminal, as scripts use it, against the real daemon.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/base/unique_fd.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"

namespace chatd::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;

class ChatScript : public ::testing::Test {
 protected:
  explicit ChatScript(DaemonUnderTest::Options options = {}) : daemon_{std::move(options)} {}

  [[nodiscard]] ProgramOptions with(std::string input = {}) const {
    return {.environment = {{"XDG_CONFIG_HOME", directory_.path()},
                            {"LC_ALL", "C.UTF-8"},
                            {"TZ", "UTC"}},
            .input = std::move(input)};
  }
  [[nodiscard]] std::string target(std::string_view name) const {
    return std::string{name} + "@" + to_text(daemon_.endpoint());
  }
  [[nodiscard]] Finished uchat(std::vector<std::string> arguments, std::string input = {}) const {
    arguments.insert(arguments.begin(), uchat_program());
    return run_program(arguments, with(std::move(input)));
  }
  // Starts uchat with its output in the file `out`; the test ends it.
  [[nodiscard]] pid_t started(std::vector<std::string> arguments, const std::string& out) const {
    arguments.insert(arguments.begin(), uchat_program());
    return start_program(arguments, with(), {.out = directory_ / out, .err = directory_ / "err"});
  }
  [[nodiscard]] bool printed(const std::string& file, std::string_view text) const {
    return eventually([&] { return file_text(directory_ / file).find(text) != std::string::npos; });
  }

  TempDir directory_;
  DaemonUnderTest daemon_;
};

TEST_F(ChatScript, SendEndsWhenTheServerHasTheMessage) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  const Finished sent = uchat({"send", target("ada"), "tea", "is", "ready", "你好"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(sent.out, "");
  bob.await_line("ada: tea is ready 你好");
  const Finished piped = uchat({"send", target("ada"), "-"}, "two\nlines\n");
  EXPECT_EQ(piped.status, 0) << piped.err;
  bob.await_line("ada: two lines");
}

TEST_F(ChatScript, SendIsNotAnnounced) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  bob.member().send(client::MakeRoom{.name = "lab"}, mono_now());
  bob.await<client::RoomJoined>();
  for (const char* text : {"one", "two"}) {
    EXPECT_EQ(uchat({"send", target("ada"), text}).status, 0);
    EXPECT_EQ(uchat({"send", "--room", "lab", target("ada"), text}).status, 0);
  }
  bob.say("end");
  bob.await_line("bob: end");
  bob.pump_until([&] { return std::ranges::count(bob.lines(), "ada: two") == 2; });
  EXPECT_EQ(std::ranges::count(bob.lines(), "ada: one"), 2);
  for (const char* line : {"+ada", "-ada"}) EXPECT_EQ(std::ranges::count(bob.lines(), line), 0);
}

TEST_F(ChatScript, SendsEachLineOfItsInputOnceAndInOrder) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  std::string input;
  for (int i = 0; i < 10; ++i) input += "line " + std::to_string(i) + "\n";
  const Finished said = uchat({target("ada")}, input + "/quit\nquit");
  EXPECT_EQ(said.status, 0) << said.err;
  std::vector<std::string> expected{"+bob", "+ada"};
  for (int i = 0; i < 10; ++i) expected.push_back("ada: line " + std::to_string(i));
  expected.insert(expected.end(), {"ada: /quit", "ada: quit", "-ada"});
  bob.await_line("-ada");
  EXPECT_EQ(bob.lines(), expected);
}

TEST_F(ChatScript, RemovesColoursAndReplacesBytesThatAreNotUtf8) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  const Finished said =
      uchat({target("ada")}, "ok1\nbad\xff\nok2\n\x1b[1mbold\x1b[0m\n\x1b]0;title\a\n");
  EXPECT_EQ(said.status, 0) << said.err;
  bob.await_line("-ada");
  EXPECT_EQ(bob.lines(), (std::vector<std::string>{"+bob", "+ada", "ada: ok1", "ada: bad\uFFFD",
                                                   "ada: ok2", "ada: bold", "-ada"}));
}

TEST_F(ChatScript, SplitsALongLineAtASpace) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  const std::string x99(99, 'x');
  std::string line;
  for (int i = 0; i < 12; ++i) line += x99 + " ";
  EXPECT_EQ(uchat({target("ada")}, line).status, 0);
  bob.await_line("ada: " + line.substr(0, 900));
  bob.await_line("ada: " + line.substr(900));
}

TEST_F(ChatScript, ListensAsJson) {
  const pid_t listener = started({"listen", "--json", target("bot")}, "out");
  ASSERT_TRUE(printed("out", "\"event\":\"entered\""));
  EXPECT_EQ(uchat({target("ada")}, "hello \"bot\"\n").status, 0);
  EXPECT_EQ(daemon_.ctl({"announce", "tea"}).status, 0);
  ASSERT_TRUE(printed("out", "\"event\":\"announce\""));
  ::kill(listener, SIGTERM);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 0);
  std::vector<std::string> events;
  std::ifstream lines{directory_ / "out"};
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(json.at("schema"), 1);
    events.push_back(json.at("event"));
    if (events.back() == "say") {
      EXPECT_EQ(json.at("text"), "hello \"bot\"") << line;
    }
  }
  EXPECT_THAT(events, IsSupersetOf({"first_contact", "entered", "join", "say", "leave", "announce",
                                    "ended"}));
}

TEST_F(ChatScript, PrintsLinesOnStandardOutputAndTheRestOnStandardError) {
  const pid_t listener = started({"listen", target("bot")}, "out");
  ASSERT_TRUE(printed("err", "first contact"));
  EXPECT_EQ(uchat({"send", target("ada"), "hello"}).status, 0);
  ASSERT_TRUE(printed("out", " ada: hello\n"));
  ::kill(listener, SIGINT);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 0);
}

TEST_F(ChatScript, EachRefusalHasItsMessageAndExitStatus) {
  NativeClient other{daemon_.endpoint(), {.name = "ada"}};
  other.enter();
  const Finished taken = uchat({"send", target("ada"), "x"});
  EXPECT_EQ(taken.status, 9);
  EXPECT_THAT(taken.err, HasSubstr("uchat: the name ada is taken\n"));
  const Finished bad = uchat({"send", "--name", "a b", to_text(daemon_.endpoint()), "x"});
  EXPECT_EQ(bad.status, 10);
  EXPECT_EQ(bad.err, "uchat: a b cannot be a name: a name has no spaces\n");
  const Finished usage = uchat({"send"});
  EXPECT_EQ(usage.status, 2);
}

TEST_F(ChatScript, ARemovedListenerPrintsTheReason) {
  const pid_t listener = started({"listen", target("bot")}, "out");
  ASSERT_TRUE(eventually([&] { return !daemon_.names().empty(); }));
  EXPECT_EQ(daemon_.ctl({"kick", "bot", "enough"}).status, 0);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 12);
  EXPECT_THAT(file_text(directory_ / "err"),
              HasSubstr("uchat: you were removed from the server: enough\n"));
}

TEST_F(ChatScript, AStoppedServerEndsAScript) {
  const pid_t listener = started({"listen", target("bot")}, "out");
  ASSERT_TRUE(eventually([&] { return !daemon_.names().empty(); }));
  ASSERT_EQ(::kill(daemon_.pid(), SIGTERM), 0);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 14);
  EXPECT_THAT(file_text(directory_ / "err"), HasSubstr(" has stopped"));
  daemon_.expect_end();
}

TEST_F(ChatScript, PrintsWhoIsIn) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  NativeClient carol{daemon_.endpoint(), {.name = "carol"}};
  bob.enter();
  carol.enter();
  const Finished here = uchat({"users", target("ada")});
  EXPECT_EQ(here.status, 0) << here.err;
  EXPECT_EQ(here.out, "bob\ncarol\n");
  const Finished json = uchat({"users", "--json", target("ada")});
  EXPECT_EQ(nlohmann::json::parse(json.out).at("users").at(1).at("name"), "carol");
  EXPECT_EQ(uchat({"users", "--room", "lab", target("ada")}).status, 17);
  const pid_t listener = started({"listen", target("ada")}, "out");
  ASSERT_TRUE(eventually([&] { return daemon_.names().size() == 3; }));
  EXPECT_EQ(uchat({"users", target("ada")}).out, "ada\nbob\ncarol\n");
  ::kill(listener, SIGTERM);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 0);
}

TEST_F(ChatScript, ListensForANumberOfMessagesOrSomeTime) {
  for (const char* text : {"one", "two", "three"}) {
    EXPECT_EQ(uchat({"send", target("ada"), text}).status, 0);
  }
  const Finished two = uchat({"listen", "--count", "2", "--since", "1h", target("bot")});
  EXPECT_EQ(two.status, 0) << two.err;
  EXPECT_THAT(two.out, EndsWith(" ada: two\n"));
  const Finished few = uchat({"listen", "--count", "4", "--timeout", "1", target("bot")});
  EXPECT_EQ(few.status, 23);
  EXPECT_THAT(few.err, EndsWith("the time limit is over: 3 of 4 messages have come\n"));
  const Finished none = uchat({"listen", "--timeout", "1", "--since", "2100-01-01", target("bot")});
  EXPECT_EQ(none.status, 0) << none.err;
  EXPECT_THAT(none.out, Not(HasSubstr("ada:")));
}

TEST_F(ChatScript, AListenerEndsWithTheReaderOfItsPipe) {
  const Finished piped = run_program(
      {"/bin/bash", "-c", R"("$0" listen --json "$1" | head -1; echo "${PIPESTATUS[0]}")",
       uchat_program(), target("bot")},
      with());
  EXPECT_THAT(piped.out, EndsWith("\n1\n"));
}

TEST_F(ChatScript, AHelpThatCannotBePrintedIsAnError) {
  for (const char* words : {"--help", "help", "help send", "--version", "listen --help"}) {
    const Finished full = run_program(
        {"/bin/bash", "-c", "\"$0\" " + std::string{words} + " >/dev/full", uchat_program()},
        with());
    EXPECT_EQ(full.status, 1) << words;
    EXPECT_EQ(full.err, "uchat: standard output cannot be written\n");
  }
}

TEST_F(ChatScript, AnIdentityInAFolderThatDoesNotExistIsAnError) {
  const Finished sent =
      uchat({"send", "--identity", directory_ / "none/identity", target("ada"), "x"});
  EXPECT_EQ(sent.status, 1);
  EXPECT_THAT(sent.err, HasSubstr(directory_ / "none/identity"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "none"));
}

TEST_F(ChatScript, AScriptThatWaitsSendsWhenTheServerIsThere) {
  EXPECT_EQ(uchat({"send", target("ada"), "the server is known"}).status, 0);
  daemon_.stop();
  const Finished late = uchat({"send", "--wait", "--timeout", "0.5", target("ada"), "x"});
  EXPECT_EQ(late.status, 4) << late.err;
  EXPECT_THAT(late.err, HasSubstr("! nothing is listening on "));
  const pid_t sender = started({"send", "--wait", target("ada"), "at last"}, "out");
  ASSERT_TRUE(printed("err", "; trying again\n"));
  daemon_.start_again();
  EXPECT_EQ(wait_for_program(sender, kGenerous), 0) << file_text(directory_ / "err");
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  bob.await_line("ada: at last");
}

TEST_F(ChatScript, AListenerThatWaitsGoesOnAfterAStop) {
  const pid_t listener = started({"listen", "--wait", target("bot")}, "out");
  ASSERT_TRUE(eventually([&] { return !daemon_.names().empty(); }));
  daemon_.stop();
  ASSERT_TRUE(printed("err", "the server has stopped; waiting"));
  daemon_.start_again();
  EXPECT_EQ(uchat({"send", "--wait", target("ada"), "again"}).status, 0);
  ASSERT_TRUE(printed("out", " ada: again\n"));
  ::kill(listener, SIGTERM);
  EXPECT_EQ(wait_for_program(listener, kGenerous), 0);
}

TEST_F(ChatScript, APipeThatWaitsLosesNoLine) {
  const std::string pipe = directory_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const pid_t sender =
      start_program({uchat_program(), "--wait", target("ada")}, with(),
                    {.in = pipe, .out = directory_ / "out", .err = directory_ / "err"});
  {
    const UniqueFd lines{::open(pipe.c_str(), O_WRONLY | O_CLOEXEC)};  // not for the daemon
    const auto write = [&lines](std::string_view line) {
      EXPECT_EQ(::write(lines.get(), line.data(), line.size()), static_cast<ssize_t>(line.size()));
    };
    write("before\n");
    {
      NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
      bob.enter();
      bob.await_line("ada: before");
    }
    daemon_.stop();
    ASSERT_TRUE(printed("err", "the server has stopped; waiting"));
    write("meanwhile\n");
    daemon_.start_again();
    write("after\n");
  }
  EXPECT_EQ(wait_for_program(sender, kGenerous), 0) << file_text(directory_ / "err");
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  bob.await_line("ada: after");
  EXPECT_THAT(bob.lines(), IsSupersetOf({"ada: meanwhile", "ada: after"}));
}

TEST_F(ChatScript, AChangedKeyIsRefused) {
  const std::string server = to_text(daemon_.endpoint());
  std::filesystem::create_directory(directory_ / "uchat");
  write_file(directory_ / "uchat/known_servers",
             server + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  const Finished sent = uchat({"send", target("ada"), "x"});
  EXPECT_EQ(sent.status, 6);
  EXPECT_THAT(sent.err,
              StartsWith("uchat: the key of " + server + " is not the known one: line 1"));
  EXPECT_TRUE(daemon_.names().empty());
}

TEST_F(ChatScript, TheFingerprintIsTheOneThatTheServerShows) {
  const Finished sent = uchat({"send", target("ada"), "x"});
  ASSERT_EQ(sent.status, 0) << sent.err;
  const Finished shown = daemon_.ctl({"fingerprint"});
  ASSERT_EQ(shown.status, 0) << shown.err;
  const auto at = sent.err.find("SHA256:");
  ASSERT_NE(at, std::string::npos) << sent.err;
  EXPECT_THAT(shown.out, HasSubstr(sent.err.substr(at, sent.err.find(',', at) - at)));
}

class ChatScriptInAFullRoom : public ChatScript {
 protected:
  ChatScriptInAFullRoom() : ChatScript{{.config = "[limits]\nsessions = 1\n"}} {}
};

TEST_F(ChatScriptInAFullRoom, ReportsThatTheRoomIsFull) {
  NativeClient other{daemon_.endpoint(), {.name = "other"}};
  other.enter();
  const Finished sent = uchat({"send", target("ada"), "x"});
  EXPECT_EQ(sent.status, 11);
  EXPECT_THAT(sent.err, HasSubstr("uchat: there is no place in the room of "));
}

TEST(ChatScriptWithAPassword, NeedsTheRightPassword) {
  const TempDir directory;
  write_secret_file(directory / "room", "open sesame\n");
  write_secret_file(directory / "right", "open sesame");
  write_secret_file(directory / "wrong", "open barley");
  const DaemonUnderTest daemon{
      {.config = "[room]\npassword_file = \"" + directory / "room" + "\"\n"}};
  const auto send = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {uchat_program(), "send"});
    options.insert(options.end(), {"ada@" + to_text(daemon.endpoint()), "x"});
    return run_program(options, {.environment = {{"XDG_CONFIG_HOME", directory.path()}}});
  };
  EXPECT_EQ(send({}).status, 7);
  const Finished unknown = send({"--password-file", directory / "right"});
  EXPECT_EQ(unknown.status, 19) << unknown.err;
  std::string fingerprint = daemon.ctl({"fingerprint"}).out;
  fingerprint.pop_back();
  EXPECT_THAT(unknown.err, EndsWith("give --fingerprint " + fingerprint + "\n"));
  const std::string other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  EXPECT_EQ(send({"--fingerprint", other, "--password-file", directory / "right"}).status, 6);
  EXPECT_EQ(send({"--fingerprint", fingerprint, "--password-file", directory / "wrong"}).status, 8);
  // The key of the server is known from here on.
  EXPECT_EQ(send({"--password-file", directory / "wrong"}).status, 8);
  EXPECT_EQ(send({"--fingerprint", other}).status, 7) << "asked for before its key was shown";
  const Finished right = send({"--password-file", directory / "right"});
  EXPECT_EQ(right.status, 0) << right.err;
}

TEST_F(ChatScript, APasswordForARoomWithoutOneIsAnError) {
  write_secret_file(directory_ / "password", "open sesame");
  const Finished sent =
      uchat({"send", "--password-file", directory_ / "password", target("ada"), "x"});
  EXPECT_EQ(sent.status, 18);
  EXPECT_THAT(sent.err, HasSubstr("says that its room has no password, and one was given"));
}

TEST_F(ChatScript, AnUnknownServerIsRefusedIfItIsStrict) {
  const Finished refused = uchat({"send", "--strict", target("ada"), "x"});
  EXPECT_EQ(refused.status, 19);
  EXPECT_THAT(refused.err, HasSubstr("only known servers are contacted"));
  const Finished listen = uchat({"listen", "--json", "--strict", target("ada")});
  EXPECT_EQ(listen.status, 19);
  EXPECT_THAT(listen.out, HasSubstr(R"("event":"ended","room":"","outcome":"unconfirmed_key")"));
  std::string fingerprint = daemon_.ctl({"fingerprint"}).out;
  fingerprint.pop_back();
  const Finished first =
      uchat({"send", "--strict", "--fingerprint", fingerprint, target("ada"), "x"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("the key of the server is kept in"));
  const Finished known = uchat({"send", "--strict", target("ada"), "x"});
  EXPECT_EQ(known.status, 0) << known.err;
  EXPECT_EQ(known.err, "");
}

TEST_F(ChatScript, AKeyWithAnotherFingerprintIsRefused) {
  const std::string other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const Finished sent = uchat({"send", "--fingerprint", other, target("ada"), "x"});
  EXPECT_EQ(sent.status, 6);
  EXPECT_THAT(sent.err, HasSubstr(other));
  std::string fingerprint = daemon_.ctl({"fingerprint"}).out;
  fingerprint.pop_back();
  EXPECT_EQ(uchat({"send", "--fingerprint", fingerprint, target("ada"), "x"}).status, 0);
}

}  // namespace
}  // namespace chatd::test
