// SPDX-License-Identifier: GPL-3.0-or-later
// A notification on a terminal that does not show it.
#include <string>

#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class NotificationOnScreen : public ChatOnScreen {
 protected:
  // Starts uchat with these variables, and expects that a notification changes no row.
  void expect_no_trace(const std::string& variables) {
    screen_.enter(variables + " $CHAT " + target("ada"));
    ASSERT_TRUE(screen_.shows(" here:"));
    NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
    bob.enter();
    bob.say("ada: one");
    EXPECT_TRUE(has_line("» bob: ada: one"));
    EXPECT_TRUE(screen_.ends_with("ada>"));
    EXPECT_EQ(screen_.history().find("]9;"), std::string::npos);
    EXPECT_EQ(screen_.history().find("tmux;"), std::string::npos);
  }
};

TEST_F(NotificationOnScreen, LeavesNoTraceInTmux) {
  expect_no_trace("env TMUX=/tmp/tmux KITTY_WINDOW_ID=1");
}

TEST_F(NotificationOnScreen, LeavesNoTraceInAnotherTerminal) {
  expect_no_trace("env -u TMUX KITTY_WINDOW_ID=1");
}

}  // namespace
}  // namespace chatd::test
