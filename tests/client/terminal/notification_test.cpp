// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/notification.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::client {
namespace {

using Form = Notifier::Form;

// The notifier of a terminal that sets these variables.
Notifier in(const std::map<std::string, std::string>& variables) {
  return notifier_of([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string{} : found->second;
  });
}

TEST(Notification, IsForTerminalsThatAreKnownToShowIt) {
  for (const char* term : {"xterm-kitty", "foot", "foot-extra", "xterm-ghostty", "wezterm"}) {
    EXPECT_EQ(in({{"TERM", term}}), (Notifier{.form = Form::osc9})) << term;
  }
  EXPECT_EQ(in({{"TERM", "rxvt-unicode-256color"}}).form, Form::osc777);
  EXPECT_EQ(in({{"TERM", "xterm-256color"}, {"TERM_PROGRAM", "iTerm.app"}}).form, Form::osc9);
  EXPECT_EQ(in({{"TERM", "xterm-256color"}, {"KONSOLE_VERSION", "221203"}}).form, Form::osc777);
  EXPECT_EQ(in({{"TERM", "xterm-256color"}}), Notifier{});
  EXPECT_EQ(in({}), Notifier{});
}

TEST(Notification, IsNotForAConsoleOrForScreen) {
  for (const char* term : {"dumb", "linux"}) {
    EXPECT_EQ(in({{"TERM", term}, {"KITTY_WINDOW_ID", "1"}}), Notifier{}) << term;
  }
  EXPECT_EQ(in({{"TERM", "screen"}, {"STY", "1.pts"}, {"KITTY_WINDOW_ID", "1"}}), Notifier{});
  EXPECT_EQ(in({{"TERM", "tmux"}, {"TMUX", "/tmp/t"}, {"KITTY_WINDOW_ID", "1"}}),
            (Notifier{.form = Form::osc9, .is_in_tmux = true}));
}

TEST(Notification, HasTheFormOfTheTerminal) {
  EXPECT_EQ(notification({.form = Form::osc9}, "bob: hi"), "\x1b]9;bob: hi\a");
  EXPECT_EQ(notification({.form = Form::osc777}, "bob: hi"), "\x1b]777;notify;uchat;bob: hi\a");
  EXPECT_EQ(notification({.form = Form::osc9, .is_in_tmux = true}, "bob: hi"),
            "\x1bPtmux;\x1b\x1b]9;bob: hi\a\x1b\\");
  EXPECT_EQ(notification({}, "bob: hi"), "");
}

TEST(Notification, HasNothingOfTheTextThatTheTerminalExecutes) {
  EXPECT_EQ(notification({.form = Form::osc9}, "4;1;\x1b\\\a\n\x9c\xff"),
            "\x1b]9;4,1,\\x1b\\\\x07 \uFFFD\uFFFD\a");
}

TEST(Notification, IsCutAtAHundredCharacters) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "好";
  EXPECT_EQ(notification({.form = Form::osc9}, text), "\x1b]9;" + text + "\a");
  EXPECT_EQ(notification({.form = Form::osc9}, text + "x"),
            "\x1b]9;" + text.substr(0, 297) + "…\a");
}

}  // namespace
}  // namespace chatd::client
