// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/terminal.hpp"

#include <sys/wait.h>

#include <clocale>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/fake_session.hpp"
#include "tests/client/pty.hpp"
#include "tests/client/reports.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

int talk(const std::string& name, const std::string& history = {}, const std::string& users = {}) {
  ::setenv("TZ", "UTC", 1);
  std::setlocale(LC_CTYPE, "C.UTF-8");
  auto session = SessionProcess::start(&run_fake_session);
  if (!session) return 100;
  Dialogue dialogue{{.name = name, .host = "host:8888"}};
  return exit_status_of(run_terminal(*session, dialogue, HistoryFile{history}, KnownUsers{users}));
}

// Waits until the client is in the room and shows the prompt. (The prompt alone is shown before the
// client has joined.)
bool joins(test::OnTerminal& terminal) { return terminal.shows("3 here:") && terminal.shows("> "); }

class TerminalTest : public ::testing::Test {
 protected:
  int status() {
    const int status = terminal_.wait();
    EXPECT_TRUE(WIFEXITED(status)) << status;
    EXPECT_TRUE(terminal_.is_sane());
    return WEXITSTATUS(status);
  }
  test::OnTerminal terminal_{[] { return talk("ada"); }};
};

TEST_F(TerminalTest, ShowsAConversation) {
  ASSERT_TRUE(terminal_.shows("connected to the lab as ada\r\n"));
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("ask 你好 ada\r");
  ASSERT_TRUE(terminal_.shows("23:15 ada: ask 你好 ada ✓\r\n"));
  ASSERT_TRUE(terminal_.shows("23:15 » bob: 你好 ada\r\n"));
  ASSERT_TRUE(terminal_.shows("ada> "));
  terminal_.type("quit\r");
  EXPECT_EQ(status(), 0);
}

TEST_F(TerminalTest, ShowsUnconfirmedMessages) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("lose it\r");
  ASSERT_TRUE(terminal_.shows("(sending 1) ada> "));
  terminal_.type("\x03");  // Ctrl-C
  EXPECT_EQ(status(), exit_status_of(Outcome::not_confirmed));
  EXPECT_TRUE(terminal_.shows("uchat: the server has not confirmed everything: 1 message\r\n"));
}

TEST_F(TerminalTest, QuitsByControlCAndByControlD) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("\x03");
  EXPECT_EQ(status(), 0);
  test::OnTerminal other{[] { return talk("bob"); }};
  ASSERT_TRUE(joins(other));
  other.type("\x04");
  EXPECT_EQ(other.wait(), 0);
  EXPECT_TRUE(other.is_sane());
}

TEST_F(TerminalTest, ControlCClearsTheTypedTextAndUpRecallsIt) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("half a draft");
  ASSERT_TRUE(terminal_.shows("draft"));
  terminal_.type("\x03");
  ASSERT_TRUE(terminal_.shows("\x1b[K"));
  ASSERT_TRUE(terminal_.shows("ada> "));
  terminal_.type("other\r");
  ASSERT_TRUE(terminal_.shows("ada: other ✓"));
  terminal_.type("\x10\x10\r");  // Ctrl-P twice
  ASSERT_TRUE(terminal_.shows("ada: half a draft ✓"));
  ASSERT_TRUE(terminal_.shows("ada> "));
  terminal_.type("\x03");
  EXPECT_EQ(status(), 0);
}

// Answers to questions are not kept.
TEST(TerminalHistory, HasTheLinesOfEarlierRuns) {
  const test::TempDir directory;
  const std::string path = directory / "history";
  const auto run = [&] { return talk("taken", path); };
  test::OnTerminal first{run};
  ASSERT_TRUE(first.shows("another name: "));
  first.type("ada\r");
  ASSERT_TRUE(joins(first));
  first.type("hello\r");
  ASSERT_TRUE(first.shows("ada: hello ✓"));
  ASSERT_EQ(::kill(first.pid(), SIGKILL), 0);
  (void)first.wait();
  test::OnTerminal second{run};
  ASSERT_TRUE(second.shows("another name: "));
  second.type("ada\r");
  ASSERT_TRUE(joins(second));
  second.type("\x10\x10\r");  // Ctrl-P: there is one line
  ASSERT_TRUE(second.shows("ada: hello ✓"));
  second.type("\x04");
  EXPECT_EQ(second.wait(), 0);
  EXPECT_THAT(HistoryFile{path}.load(), ::testing::ElementsAre("hello", "hello"));
}

TEST(TerminalUsers, AUserThatHasWrittenIsKnownInTheNextRun) {
  const test::TempDir directory;
  const std::string path = directory / "known_users";
  test::OnTerminal terminal{[&] { return talk("ada", {}, path); }};
  ASSERT_TRUE(joins(terminal));
  terminal.type("ask hello\r");
  ASSERT_TRUE(terminal.shows("bob: hello"));
  const auto users = [&] { return KnownUsers{path}.of(kServerKey, wire::Language::en).users; };
  ASSERT_TRUE(test::eventually([&] { return users().size() == 1; }));
  EXPECT_EQ(users().front().name, "bob");
  EXPECT_EQ(users().front().person, 7U);
  terminal.type("quit\r");
  EXPECT_EQ(terminal.wait(), 0);
}

// The file is written once a second at most, and before the end.
TEST(TerminalUsers, AUserThatHasWrittenLastIsKnownInTheNextRun) {
  const test::TempDir directory;
  const std::string path = directory / "known_users";
  test::OnTerminal terminal{[&] { return talk("ada", {}, path); }};
  ASSERT_TRUE(joins(terminal));
  terminal.type("ask hello\r");
  ASSERT_TRUE(terminal.shows("bob: hello"));
  terminal.type("quit\r");
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(KnownUsers{path}.of(kServerKey, wire::Language::en).users.size(), 1U);
}

TEST(TerminalUsers, SaysOnceThatKnownUsersCannotBeKept) {
  const test::TempDir directory;
  test::write_file(directory / "file", "");
  test::OnTerminal terminal{[&] { return talk("ada", {}, directory / "file/known_users"); }};
  ASSERT_TRUE(joins(terminal));
  terminal.type("ask hello\r");
  ASSERT_TRUE(terminal.shows("! the names seen here cannot be kept for the next run: "));
  terminal.type("quit\r");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(TerminalTest, ControlCEndsASearchInTheHistory) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("found\r");
  ASSERT_TRUE(terminal_.shows("ada: found ✓"));
  terminal_.type(
      "\x12"
      "fo");  // Ctrl-R
  ASSERT_TRUE(terminal_.shows("`fo': "));
  terminal_.type("\x03");
  ASSERT_TRUE(terminal_.shows("ada> "));
  terminal_.type("next\r");
  EXPECT_TRUE(terminal_.shows("ada: next ✓"));
}

TEST_F(TerminalTest, ControlCDuringQuitEndsAtOnce) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("hold the goodbye\r");
  ASSERT_TRUE(terminal_.shows("hold the goodbye ✓"));
  terminal_.type("quit\rhalf");
  ASSERT_TRUE(terminal_.shows("half"));
  terminal_.type("\x03");
  EXPECT_EQ(status(), 0);
}

TEST_F(TerminalTest, RestoresTheTerminalIfTheSessionProcessCrashes) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("crash\r");
  ASSERT_TRUE(terminal_.shows("the session process ended unexpectedly (exit status 3)"));
  EXPECT_EQ(status(), exit_status_of(Outcome::failed));
}

TEST_F(TerminalTest, EndsWithOneLineAndAnExitStatus) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("bye\r");
  ASSERT_TRUE(terminal_.shows("uchat: host:8888 has stopped\r\n"));
  EXPECT_EQ(status(), exit_status_of(Outcome::stopped));
}

TEST_F(TerminalTest, AdaptsToTheWindowSize) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.resize(9);
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("/users\r");
  ASSERT_TRUE(terminal_.shows("3 here:\r\nada\r\nbob\r\n小明 (away)\r\n"));
}

TEST_F(TerminalTest, KeepsTheLineWhenOthersStopAndContinueIt) {
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("half");
  ASSERT_TRUE(terminal_.shows("half"));
  ASSERT_EQ(::kill(terminal_.pid(), SIGSTOP), 0);
  ASSERT_TRUE(test::eventually([&] { return test::process_info(terminal_.pid())->state == 'T'; }));
  ASSERT_EQ(::kill(terminal_.pid(), SIGCONT), 0);
  ASSERT_TRUE(terminal_.shows("ada> half"));
  terminal_.type(" a line\r");
  EXPECT_TRUE(terminal_.shows("ada: half a line ✓"));
}

TEST_F(TerminalTest, AsksForReportsOfTheFocusUntilTheEnd) {
  ASSERT_TRUE(terminal_.shows("\x1b[?1004h"));
  ASSERT_TRUE(joins(terminal_));
  terminal_.type("\x1b[O\x1b[I");
  terminal_.type("text\r");
  ASSERT_TRUE(terminal_.shows("ada: text ✓"));
  terminal_.type("\x03");
  EXPECT_EQ(status(), 0);
  EXPECT_TRUE(terminal_.shows("\x1b[?1004l"));
}

TEST_F(TerminalTest, EndsWhenTheTerminalIsClosed) {
  ASSERT_TRUE(joins(terminal_));
  ASSERT_EQ(::kill(terminal_.pid(), SIGHUP), 0);
  EXPECT_EQ(status(), 0);
}

TEST(TerminalNames, AreAskedForUntilOneIsFree) {
  test::OnTerminal terminal{[] { return talk("taken"); }};
  ASSERT_TRUE(terminal.shows("! the name taken is taken\r\n"));
  ASSERT_TRUE(terminal.shows("another name: "));
  terminal.type("free\r");
  ASSERT_TRUE(terminal.shows("connected to the lab as free"));
  ASSERT_TRUE(terminal.shows("free> "));
  terminal.type("/quit\r");
  EXPECT_EQ(terminal.wait(), 0);
}

}  // namespace
}  // namespace chatd::client
