// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_editor.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/pty.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// True if the terminal shows typed keys by itself.
bool echoes() {
  termios modes{};
  return ::tcgetattr(STDIN_FILENO, &modes) != 0 || (modes.c_lflag & ECHO) != 0;
}

// The program under test: prints each entered line in angle brackets above the input line. After
// "hide" the next line is hidden; after "echo" it prints whether the terminal echoes. Ends at
// Ctrl-D.
int edit() {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  bool over = false;
  LineEditor* self = nullptr;
  LineEditor editor{
      {.line =
           [&](const std::string& line) {
             self->print("<" + line + ">\n");
             if (line == "echo") self->print(echoes() ? "echo is on\n" : "echo is off\n");
             self->set_hidden(line == "hide");
             self->set_prompt(line == "hide" ? "secret: " : "> ");
           },
       .end = [&] { over = true; },
       .complete =
           [](std::string_view before, std::string_view word) {
             std::vector<std::string> found;
             if (before.empty() && word == "al") found = {"alpha"};
             if (before == "x " && word.starts_with("b")) found = {"bet", "beta"};
             return found;
           },
       .mark = [](std::size_t lines) { return "[" + std::to_string(lines) + " lines]"; }}};
  self = &editor;
  // SIGWINCH is unblocked only in ppoll(2), so that none gets lost.
  (void)std::signal(SIGWINCH, [](int) {});
  sigset_t resized;
  sigset_t usual;
  ::sigemptyset(&resized);
  ::sigaddset(&resized, SIGWINCH);
  ::sigprocmask(SIG_BLOCK, &resized, &usual);
  editor.open("> ");
  while (!over) {
    pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::ppoll(&keys, 1, nullptr, &usual) < 0) {
      editor.fit_window();
    } else {
      editor.read_keys();
    }
  }
  editor.close();
  std::puts("closed");
  std::fflush(stdout);
  return 0;
}

// The bytes that clear the line of 1 + `rows` rows, followed by the prompt: no other row is
// cleared.
std::string cleared(int rows) {
  std::string sequence = "\x1b[J\r\x1b[K";
  for (int i = 0; i < rows; ++i) sequence += "\x1b[A\x1b[K";
  return sequence + "> ";
}

class LineEditorTest : public ::testing::Test {
 protected:
  test::OnTerminal terminal_{&edit};
};

TEST_F(LineEditorTest, TheTerminalDoesNotEchoWhileALineIsHandled) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("echo\r");
  EXPECT_TRUE(terminal_.shows("echo is off"));
  terminal_.type("\x04");
  EXPECT_EQ(terminal_.wait(), 0);
  EXPECT_TRUE(terminal_.is_sane());
}

TEST_F(LineEditorTest, PassesALineOnAndRemovesItFromTheScreen) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("hello 小明\r");
  ASSERT_TRUE(terminal_.shows("<hello 小明>\r\n"));
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("\x04");
  EXPECT_TRUE(terminal_.shows("closed"));
  EXPECT_EQ(terminal_.wait(), 0);
  EXPECT_TRUE(terminal_.is_sane());
}

TEST_F(LineEditorTest, EditsALineAndKeepsAHistory) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type(
      "abd\x02"
      "c\r");  // Ctrl-B
  ASSERT_TRUE(terminal_.shows("<abcd>"));
  terminal_.type("next\r");
  ASSERT_TRUE(terminal_.shows("<next>"));
  terminal_.type("\x10\x10\r");  // Ctrl-P twice
  EXPECT_TRUE(terminal_.shows("<abcd>"));
}

TEST_F(LineEditorTest, CompletesWords) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("al\tx\r");
  EXPECT_TRUE(terminal_.shows("<alpha x>"));
  terminal_.type("x b\t!\r");
  EXPECT_TRUE(terminal_.shows("<x bet!>"));
}

TEST_F(LineEditorTest, HidesAPasswordAndDoesNotKeepIt) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("hide\r");
  ASSERT_TRUE(terminal_.shows("secret: "));
  terminal_.type("sesame");
  terminal_.type("\x15seed\r");  // Ctrl-U
  ASSERT_TRUE(terminal_.shows("<"));
  ASSERT_TRUE(terminal_.shows("seed>"));
  EXPECT_THAT(terminal_.output(), Not(HasSubstr("sesame")));
  terminal_.type("\x10\r");
  EXPECT_TRUE(terminal_.shows("<hide>")) << "the history has the line before it";
}

TEST_F(LineEditorTest, AcceptsLinesThatAreTypedAhead) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("one\rtwo\rthree");
  ASSERT_TRUE(terminal_.shows("<one>"));
  ASSERT_TRUE(terminal_.shows("<two>"));
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<three>"));
}

TEST_F(LineEditorTest, KeepsPastedLinesTogether) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("\x1b[200~one\ntwo\x1b[201~");
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<one\r\ntwo>"));
}

// On a terminal that does not mark what is pasted.
TEST_F(LineEditorTest, KeepsPastedLinesTogetherWithoutMarks) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("one\r/quit\rthree\r");
  ASSERT_TRUE(terminal_.shows("three"));
  EXPECT_THAT(terminal_.output(), Not(HasSubstr("<")));
  terminal_.type("!\r");
  EXPECT_TRUE(terminal_.shows("<one\r\n/quit\r\nthree!>"));
  terminal_.type("\x10\r");  // Ctrl-P
  EXPECT_TRUE(terminal_.shows("<one\r\n/quit\r\nthree!>")) << "it is in the history";
}

TEST_F(LineEditorTest, ReadsKeysOfEverySortThatAreTypedAhead) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("one\rtwx\x1b[D\x1b[3~o\rhide\rsecret\rlast\x1b\x7flost\r\x04");
  for (const char* line : {"<one>", "<two>", "<hide>", "<secret>", "<lost>", "closed"}) {
    ASSERT_TRUE(terminal_.shows(line)) << line;
  }
}

// Regression: the line stayed changed in the history, with changes in it that were freed; readline
// freed them again later, and crashed.
TEST_F(LineEditorTest, ALineOfTheHistoryIsNotChanged) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("one\r");
  ASSERT_TRUE(terminal_.shows("<one>"));
  terminal_.type("\x10x\x12\x07y\r");  // Ctrl-P, Ctrl-R, Ctrl-G
  ASSERT_TRUE(terminal_.shows("<onexy>"));
  terminal_.type("\x10\x10\r");
  ASSERT_TRUE(terminal_.shows("<one>"));
  terminal_.type("\x12xy\x10\x10\r");
  EXPECT_TRUE(terminal_.shows("<one>"));
}

// Regression: readline wrote a newline then.
TEST_F(LineEditorTest, LeavesNoRowBehindIfAKeyHasFailed) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("\x1b[A");  // there is no history
  terminal_.type("x\r");
  // The row of the input is cleared, and the line is printed there.
  EXPECT_TRUE(terminal_.shows("\r\x1b[K<x>\r\n"));
}

// Regression: a search took Ctrl-D for the start of a character, and waited for its rest.
TEST_F(LineEditorTest, EndsAtControlDInASearch) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("\x12");
  ASSERT_TRUE(terminal_.shows("search"));
  terminal_.type("\x04");
  EXPECT_TRUE(terminal_.shows("closed"));
}

TEST_F(LineEditorTest, ControlDInALineDeletesACharacter) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("ab\x01\x04\r");  // Ctrl-A
  EXPECT_TRUE(terminal_.shows("<b>"));
}

TEST_F(LineEditorTest, ClearsAllRowsOfTheLineInANewWindow) {
  ASSERT_TRUE(terminal_.shows("> "));
  const std::string text = std::string(100, 'x') + "end";
  terminal_.type(text);
  ASSERT_TRUE(terminal_.shows("end"));
  terminal_.resize(160);  // the rows above belong to the chat
  ASSERT_TRUE(terminal_.shows(cleared(1)));
  ASSERT_TRUE(terminal_.shows("end"));
  terminal_.resize(40);
  ASSERT_TRUE(terminal_.shows(cleared(2)));
  ASSERT_TRUE(terminal_.shows("end"));
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<" + text + ">"));
}

TEST_F(LineEditorTest, ClearsTheRowsOfWideCharacters) {
  ASSERT_TRUE(terminal_.shows("> "));
  std::string text;
  for (int i = 0; i < 30; ++i) text += "长";
  terminal_.type(text + "完");  // 64 columns with the prompt
  ASSERT_TRUE(terminal_.shows("完"));
  terminal_.resize(21);  // each row uses 20 of them
  ASSERT_TRUE(terminal_.shows(cleared(3)));
  ASSERT_TRUE(terminal_.shows("完"));
  terminal_.resize(70);  // a terminal does not join these rows
  ASSERT_TRUE(terminal_.shows(cleared(3)));
  ASSERT_TRUE(terminal_.shows("完"));
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<" + text + "完>"));
}

TEST_F(LineEditorTest, ShowsAHighLineInHalfOfTheWindow) {
  ASSERT_TRUE(terminal_.shows("> "));
  std::string text;
  for (int i = 1; i <= 30; ++i) text += "line " + std::to_string(i) + (i < 30 ? "\n" : "");
  terminal_.type("\x1b[200~" + text + "\x1b[201~");
  ASSERT_TRUE(terminal_.shows("[30 lines]\r\nline 20\r\n"));
  ASSERT_TRUE(terminal_.shows("line 30"));
  terminal_.type("\x15");  // Ctrl-U
  ASSERT_TRUE(terminal_.shows("\x1b[11A\x1b[2C\x1b[J \b"));
  terminal_.type("\x19");  // Ctrl-Y
  ASSERT_TRUE(terminal_.shows("line 30"));
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<line 1\r\nline 2\r\n"));
}

// In these windows readline divided by zero, or scrolled each line sideways from then on.
TEST_F(LineEditorTest, SurvivesVerySmallWindows) {
  ASSERT_TRUE(terminal_.shows("> "));
  const std::string text = std::string(100, 'x') + "end";
  for (const auto& [columns, rows] : {std::pair{2, 1}, std::pair{1, 2}, std::pair{1, 1}}) {
    terminal_.resize(static_cast<unsigned short>(columns), static_cast<unsigned short>(rows));
    ASSERT_TRUE(terminal_.shows("\x1b[K")) << columns;
    terminal_.type("y" + text);
    terminal_.resize(80);
    ASSERT_TRUE(terminal_.shows("end")) << columns;
    terminal_.type("\x15\x0cz\r");  // Ctrl-U, Ctrl-L
    ASSERT_TRUE(terminal_.shows("<z>")) << columns;
    ASSERT_TRUE(terminal_.shows("> ")) << columns;
  }
}

TEST_F(LineEditorTest, ClearsTheScreen) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("half");
  ASSERT_TRUE(terminal_.shows("half"));
  terminal_.type("\x0c");  // Ctrl-L
  ASSERT_TRUE(terminal_.shows("\x1b[H\x1b[2J> half"));
  terminal_.type(" a line\r");
  EXPECT_TRUE(terminal_.shows("<half a line>"));
}

TEST_F(LineEditorTest, ListsCompletionsAboveTheLine) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("x bet\x1b?");  // Meta-?
  ASSERT_TRUE(terminal_.shows("bet   beta\r\n> x bet"));
  terminal_.type("\r");
  EXPECT_TRUE(terminal_.shows("<x bet>"));
}

// Regression: these keys entered the line without a call of on_enter(), and the line was lost.
TEST_F(LineEditorTest, KeysThatEnterALineThemselvesDoNotLoseIt) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("one\x1b#\x0ftwo\r");  // Meta-#, Ctrl-O
  EXPECT_TRUE(terminal_.shows("<onetwo>"));
}

// Regression: readline crashed.
TEST_F(LineEditorTest, SurvivesASearchForACharacter) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("\x1d\x1b\x0e\x1b\x1d\x1b\x0eone\r");  // Ctrl-], Meta-Ctrl-]
  EXPECT_TRUE(terminal_.shows("<one>"));
}

TEST(LineEditorInTheLocaleC, ReadsEveryLineAsUtf8) {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    for (const char* locale : {"C", "POSIX"}) {
      test::OnTerminal terminal{[&] {
        for (const char* other : {"LC_ALL", "LC_CTYPE", "LANG"}) ::unsetenv(other);
        ::setenv(variable, locale, 1);
        return edit();
      }};
      ASSERT_TRUE(terminal.shows("> "));
      for (const std::string line : {"你好世界 def", "again 世界"}) {
        terminal.type(line + "\r");
        ASSERT_TRUE(terminal.shows("<" + line + ">")) << variable << '=' << locale;
      }
    }
  }
}

TEST(LineEditorOnXterm, ClearsOnlyTheRowsThatItHasDrawn) {
  test::OnTerminal terminal{[] {
    ::setenv("XTERM_VERSION", "XTerm(379)", 1);
    return edit();
  }};
  ASSERT_TRUE(terminal.shows("> "));
  terminal.type(std::string(100, 'x') + "end");
  ASSERT_TRUE(terminal.shows("end"));
  terminal.resize(40);
  ASSERT_TRUE(terminal.shows(cleared(1)));
}

TEST_F(LineEditorTest, DoesNotShowAHiddenLineInANewWindow) {
  ASSERT_TRUE(terminal_.shows("> "));
  terminal_.type("hide\r");
  ASSERT_TRUE(terminal_.shows("secret: "));
  terminal_.type("sesame");
  for (const unsigned short columns : std::array<unsigned short, 2>{60, 70}) {
    terminal_.resize(columns);
    ASSERT_TRUE(terminal_.shows("\x1b[K"));
    ASSERT_TRUE(terminal_.shows("secret: "));
  }
  EXPECT_THAT(terminal_.output(), Not(HasSubstr("sesame")));
  terminal_.type("\r");
  ASSERT_TRUE(terminal_.shows("<sesame>"));
}

}  // namespace
}  // namespace chatd::client
