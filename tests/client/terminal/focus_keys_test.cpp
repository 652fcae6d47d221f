// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/focus_keys.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "client/terminal/line_editor.hpp"
#include "tests/client/pty.hpp"

namespace chatd::client {
namespace {

// Prints each report and each line, until the line "end".
int run_editor(const char* term) {
  ::setenv("TERM", term, 1);
  bool has_ended = false;
  LineEditor editor{{.line =
                         [&](const std::string& line) {
                           has_ended = line == "end";
                           editor.print("entered " + line + "\n");
                         },
                     .end = [] {},
                     .complete = [](auto, auto) { return std::vector<std::string>{}; },
                     .mark = [](std::size_t) { return std::string{}; }}};
  const bool is_understood =
      bind_focus_keys([&](bool has_focus) { editor.print(has_focus ? "focus\n" : "no focus\n"); });
  editor.open("> ");
  editor.print(is_understood ? "understood\n" : "not understood\n");
  while (!has_ended) editor.read_keys();
  editor.close();
  return 0;
}

TEST(FocusKeys, AreReadBetweenOtherKeys) {
  test::OnTerminal terminal{[] { return run_editor("xterm"); }};
  ASSERT_TRUE(terminal.shows("understood"));
  terminal.type("\x1b[O");
  ASSERT_TRUE(terminal.shows("no focus"));
  terminal.type("ab\x1b[Ic\r");
  ASSERT_TRUE(terminal.shows("focus"));
  ASSERT_TRUE(terminal.shows("entered abc\r\n"));
  terminal.type("end\r");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST(FocusKeys, AreNotAskedForOnATerminalWithoutSuchSequences) {
  test::OnTerminal terminal{[] { return run_editor("dumb"); }};
  ASSERT_TRUE(terminal.shows("not understood"));
  terminal.type("end\r");
  EXPECT_EQ(terminal.wait(), 0);
}

}  // namespace
}  // namespace chatd::client
