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
  EXPECT_TRUE(keeps_rows_in("linux", nullptr));
  EXPECT_TRUE(keeps_rows_in("xterm-256color", "XTerm(379)"));
  EXPECT_FALSE(keeps_rows_in("xterm-256color", nullptr)) << "other programs have this name, too";
  EXPECT_FALSE(keeps_rows_in("screen", nullptr));
}

}  // namespace
}  // namespace chatd::client
