// SPDX-License-Identifier: GPL-3.0-or-later
// Stop, kill and quit of uchat, and the terminal's modes after that.
#include <csignal>

#include "tests/support/processes.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class JobControl : public ChatOnScreen {
 protected:
  // True if the kernel edits and echoes lines.
  [[nodiscard]] bool terminal_is_sane() const {
    screen_.enter("stty -a | grep -o '[-]\\?icanon\\|[-]\\?echo\\>'");
    return screen_.has_row("icanon") && screen_.has_row("echo");
  }
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(JobControl, ControlZDoesNotStopTheSession) {
  bob_.enter();
  start();
  screen_.type("half");
  // Ctrl-Z makes the kernel drop what the program has not read yet.
  ASSERT_TRUE(screen_.ends_with("ada> half"));
  screen_.press("C-z");
  ASSERT_TRUE(screen_.shows("Stopped"));
  EXPECT_TRUE(terminal_is_sane());
  for (int i = 0; i < 20; ++i) bob_.say("line " + std::to_string(i));
  // The session process has received all lines, although the terminal process is stopped.
  EXPECT_EQ(daemon_.names(), (std::vector<std::string>{"ada", "bob"}));
  screen_.enter("fg");
  EXPECT_TRUE(has_line("bob: line 0"));
  EXPECT_TRUE(has_line("bob: line 19"));
  EXPECT_TRUE(screen_.ends_with("ada> half"));
  EXPECT_NE(timeless(screen_.history()).find("---- new ----\nTIME bob: line 0\n"),
            std::string::npos);
  screen_.enter(" a line");
  bob_.await_line("ada: half a line");
  EXPECT_TRUE(has_line("ada: half a line ✓"));
}

TEST_F(JobControl, LinesAfterAStopWithoutLinesAreNotNew) {
  bob_.enter();
  start();
  for (const bool by_key : {true, false}) {
    if (by_key) {
      screen_.press("C-z");
    } else {
      ASSERT_EQ(::kill(screen_.program(), SIGSTOP), 0);
    }
    ASSERT_TRUE(screen_.shows("Stopped"));
    screen_.enter("clear; fg");
    ASSERT_TRUE(screen_.ends_with("ada>"));
  }
  screen_.enter("here");
  ASSERT_TRUE(has_line("ada: here ✓"));
  bob_.say("hello");
  ASSERT_TRUE(has_line("bob: hello"));
  EXPECT_EQ(screen_.history().find("---- new ----"), std::string::npos);
}

TEST_F(JobControl, JoinsThatCameBeforeTheStopAreShownBeforeIt) {
  start();
  bob_.enter();
  screen_.type("bo");
  // The name is completed as soon as the join has come.
  ASSERT_TRUE(eventually([&] {
    screen_.press("Tab");
    return screen_.last() == "ada> bob:";
  }));
  screen_.press("C-z");
  ASSERT_TRUE(screen_.shows("Stopped"));
  const std::string all = timeless(screen_.history());
  EXPECT_LT(all.find("TIME -- bob joined"), all.find("Stopped")) << all;
}

TEST_F(JobControl, QuitsByKeysAndByCommands) {
  const std::vector<std::string> keys{"C-c", "C-d"};
  for (const auto& key : keys) {
    start();
    screen_.press(key);
    ASSERT_TRUE(screen_.ends_with("$"));
    EXPECT_TRUE(ended_with(0));
    EXPECT_TRUE(terminal_is_sane());
    screen_.enter("clear");
  }
  for (const std::string word : {"quit", "/quit"}) {
    start();
    screen_.enter(word);
    ASSERT_TRUE(screen_.ends_with("$"));
    EXPECT_TRUE(ended_with(0));
    screen_.enter("clear");
  }
  EXPECT_TRUE(daemon_.names().empty());
}

TEST_F(JobControl, EndsWhileControlSStopsTheTerminal) {
  bob_.enter();
  for (const int number : {SIGTERM, SIGHUP}) {
    start();
    screen_.stop();
    for (int i = 0; i < 3; ++i) bob_.say("unseen");
    ASSERT_EQ(::kill(screen_.program(), number), 0);
    ASSERT_TRUE(screen_.ends_with("$"));
    EXPECT_TRUE(ended_with(0));
    EXPECT_TRUE(terminal_is_sane());
    screen_.enter("clear");
  }
}

TEST_F(JobControl, RestoresTheTerminalAfterACrash) {
  for (const int number : {SIGSEGV, SIGKILL}) {
    start();
    ASSERT_EQ(::kill(screen_.program(), number), 0);
    ASSERT_TRUE(screen_.shows("uchat: the terminal process ended unexpectedly"));
    EXPECT_TRUE(terminal_is_sane());
    EXPECT_TRUE(eventually([&] { return daemon_.names().empty(); }))
        << "the session process did not send a goodbye";
    screen_.enter("clear");
    EXPECT_TRUE(screen_.ends_with("$"));
  }
}

TEST_F(JobControl, ReportsACrashOfTheSessionAndRestoresTheTerminal) {
  start();
  const auto session = children_of(screen_.program());
  ASSERT_EQ(session.size(), 1U);
  ASSERT_EQ(::kill(session[0].pid, SIGKILL), 0);
  ASSERT_TRUE(screen_.shows("the session process ended unexpectedly (signal 9)"));
  EXPECT_TRUE(ended_with(1));
  EXPECT_TRUE(terminal_is_sane());
}

TEST_F(JobControl, ASessionProcessThatIsStoppedLosesNoMessage) {
  bob_.enter();
  start();
  const auto session = children_of(screen_.program());
  ASSERT_EQ(session.size(), 1U);
  ASSERT_EQ(::kill(session[0].pid, SIGSTOP), 0);
  screen_.enter("typed meanwhile");
  for (int i = 0; i < 3; ++i) bob_.say("line " + std::to_string(i));
  ASSERT_TRUE(screen_.ends_with("(sending 1) ada>"));
  ASSERT_EQ(::kill(session[0].pid, SIGCONT), 0);
  bob_.await_line("ada: typed meanwhile");
  EXPECT_TRUE(has_line("bob: line 2"));
  EXPECT_TRUE(has_line("ada: typed meanwhile ✓"));
  EXPECT_TRUE(screen_.ends_with("ada>"));
  EXPECT_EQ(screen_.history().find("unexpectedly"), std::string::npos);
}

TEST_F(JobControl, BothProcessesCanBeStoppedAndContinued) {
  bob_.enter();
  start();
  screen_.type("half");
  ASSERT_TRUE(screen_.ends_with("ada> half"));
  const auto session = children_of(screen_.program());
  ASSERT_EQ(session.size(), 1U);
  ASSERT_EQ(::kill(session[0].pid, SIGSTOP), 0);
  ASSERT_EQ(::kill(screen_.program(), SIGSTOP), 0);
  ASSERT_TRUE(screen_.shows("Stopped"));
  bob_.say("hello");
  screen_.enter("fg");
  ASSERT_TRUE(screen_.ends_with("ada> half"));
  ASSERT_EQ(::kill(session[0].pid, SIGCONT), 0);
  EXPECT_TRUE(has_line("bob: hello"));
  screen_.enter(" a line");
  bob_.await_line("ada: half a line");
  EXPECT_TRUE(has_line("ada: half a line ✓"));
}

TEST_F(JobControl, KeepsTheLineAfterSigstop) {
  bob_.enter();
  start();
  screen_.type("half");
  ASSERT_TRUE(screen_.ends_with("ada> half"));
  ASSERT_EQ(::kill(screen_.program(), SIGSTOP), 0);
  ASSERT_TRUE(screen_.shows("Stopped"));
  screen_.enter("fg");
  ASSERT_TRUE(screen_.ends_with("ada> half"));
  screen_.enter(" a line");
  bob_.await_line("ada: half a line");
}

}  // namespace
}  // namespace chatd::test
