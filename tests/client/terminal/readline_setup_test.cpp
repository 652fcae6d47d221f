// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/readline_setup.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

bool keeps_rows_in(const char* term, const char* xterm) {
  ::setenv("TERM", term, 1);
  ::unsetenv("XTERM_VERSION");
  if (xterm != nullptr) ::setenv("XTERM_VERSION", xterm, 1);
  return keeps_rows();
}

TEST(ReadlineSetup, KnowsTheTerminalsThatKeepRows) {
  for (const char* other : {"TERM_PROGRAM", "TMUX", "STY", "VTE_VERSION", "KONSOLE_VERSION",
                            "WEZTERM_PANE", "KITTY_WINDOW_ID"}) {
    ::unsetenv(other);
  }
  EXPECT_TRUE(keeps_rows_in("linux", nullptr));
  EXPECT_TRUE(keeps_rows_in("xterm-256color", "XTerm(379)"));
  EXPECT_FALSE(keeps_rows_in("xterm-256color", nullptr)) << "other programs have this name, too";
  EXPECT_FALSE(keeps_rows_in("screen", nullptr));
  EXPECT_FALSE(keeps_rows_in("screen", "XTerm(379)")) << "in tmux, which runs in xterm";
  for (const char* other : {"TMUX", "VTE_VERSION", "TERM_PROGRAM"}) {
    ::setenv(other, "1", 1);
    EXPECT_FALSE(keeps_rows_in("xterm-256color", "XTerm(379)")) << other;
    ::unsetenv(other);
  }
  ::unsetenv("XTERM_VERSION");
}

}  // namespace
}  // namespace chatd::client
