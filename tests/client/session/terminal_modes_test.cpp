// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/terminal_modes.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "tests/client/pty.hpp"

namespace chatd::client {
namespace {

void set_raw() {
  termios modes{};
  ::tcgetattr(STDIN_FILENO, &modes);
  ::cfmakeraw(&modes);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

TEST(TerminalModes, AreRestored) {
  test::OnTerminal process{[] {
    const auto modes = TerminalModes::save(STDIN_FILENO);
    if (!modes || !modes->is_unclaimed()) return 1;
    set_raw();
    if (modes->was_restored()) return 2;
    modes->restore();
    return modes->was_restored() ? 0 : 3;
  }};
  EXPECT_EQ(process.wait(), 0);
  EXPECT_TRUE(process.is_sane());
  EXPECT_TRUE(process.shows("\x1b[?2004l")) << "bracketed paste is off again";
  EXPECT_TRUE(process.shows("\x1b[?1004l")) << "reports of the focus are off again";
}

TEST(TerminalModes, AreRestoredWhenTheProcessCrashes) {
  for (const int number : {SIGSEGV, SIGABRT, SIGQUIT}) {
    test::OnTerminal process{[number] {
      const auto modes = TerminalModes::save(STDIN_FILENO);
      restore_on_crash(*modes, "it crashed\r\n");
      set_raw();
      ::raise(number);
      return 0;
    }};
    const int status = process.wait();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == number) << status;
    EXPECT_TRUE(process.is_sane());
    EXPECT_TRUE(process.shows("it crashed"));
  }
}

TEST(TerminalModes, AreSavedForATerminalOnly) {
  const UniqueFd null{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  EXPECT_FALSE(TerminalModes::save(null.get()));
}

}  // namespace
}  // namespace chatd::client
