// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/readline_setup.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// Only after <cstdio>: readline's header uses FILE without including it.
#include <readline/readline.h>

namespace chatd::client {

namespace {

// readline sets LC_CTYPE again from the environment for each new line. In the locale "C" it would
// split the typed text into bytes and drop those of UTF-8. So the environment gets the current
// locale.
void keep_locale() {
  const char* const chosen = std::setlocale(LC_CTYPE, nullptr);
  if (chosen != nullptr) ::setenv("LC_ALL", std::string{chosen}.c_str(), 1);
}

}  // namespace

// A program that was started from xterm has its variables, too.
bool keeps_rows() {
  const char* const term = std::getenv("TERM");
  const std::string_view name = term == nullptr ? "" : term;
  if (name == "linux") return true;
  const auto is_set = [](const char* variable) { return std::getenv(variable) != nullptr; };
  constexpr std::array kOthers{
      "TERM_PROGRAM", "TMUX",           "STY", "VTE_VERSION", "KONSOLE_VERSION",
      "WEZTERM_PANE", "KITTY_WINDOW_ID"};
  return is_set("XTERM_VERSION") && name.starts_with("xterm") &&
         std::ranges::none_of(kOthers, is_set);
}

bool is_plain() {
  const auto is_on = [](const char* name) {
    const char* const value = rl_variable_value(name);
    return value != nullptr && std::string_view{value} == "on";
  };
  const char* const up = rl_get_termcap("up");
  return up != nullptr && *up == '\x1b' && !is_on("horizontal-scroll-mode") &&
         !is_on("show-mode-in-prompt");
}

void configure_readline(std::FILE* output) {
  keep_locale();
  rl_readline_name = "uchat";  // for `$if uchat` in ~/.inputrc
  rl_instream = stdin;
  rl_outstream = output;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;  // do not set LINES and COLUMNS
  rl_basic_word_break_characters = " \t\n";
  rl_completer_word_break_characters = const_cast<char*>(" \t\n");
  rl_completer_quote_characters = "";
  rl_initialize();
  // Without these two settings readline would wait for a key, and messages of the room would not be
  // shown meanwhile.
  rl_completion_query_items = -1;
  rl_variable_bind("page-completions", "off");
  rl_variable_bind("completion-ignore-case", "on");
  rl_variable_bind("bell-style", "none");
}

}  // namespace chatd::client
