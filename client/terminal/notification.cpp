// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/notification.hpp"

#include <algorithm>
#include <array>

#include "client/words/text.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

using Form = Notifier::Form;

// A variable whose value begins with `value`; "": any value but an empty one.
struct Sign {
  const char* variable;
  std::string_view value;
  Form form;
};
constexpr std::array kSigns{
    Sign{"TERM", "xterm-kitty", Form::osc9},     Sign{"TERM", "foot", Form::osc9},
    Sign{"TERM", "xterm-ghostty", Form::osc9},   Sign{"TERM", "wezterm", Form::osc9},
    Sign{"TERM", "rxvt-unicode", Form::osc777},  Sign{"TERM_PROGRAM", "iTerm", Form::osc9},
    Sign{"TERM_PROGRAM", "WezTerm", Form::osc9}, Sign{"TERM_PROGRAM", "ghostty", Form::osc9},
    Sign{"LC_TERMINAL", "iTerm2", Form::osc9},   Sign{"KITTY_WINDOW_ID", "", Form::osc9},
    Sign{"WEZTERM_PANE", "", Form::osc9},        Sign{"GHOSTTY_RESOURCES_DIR", "", Form::osc9},
    Sign{"KONSOLE_VERSION", "", Form::osc777},   Sign{"VTE_VERSION", "", Form::osc777},
};

// At most kMaxCharacters characters, without those that have a meaning in the sequence.
std::string plain_text(std::string_view text) {
  const std::string safe = safe_text(text);
  std::string plain;
  std::string_view rest = safe;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    const std::string_view before = rest;
    if (!wire::take_character(rest)) break;
    if (count + 1 == Notifier::kMaxCharacters && !rest.empty()) {
      plain += "…";
      break;
    }
    plain += before.substr(0, before.size() - rest.size());
  }
  std::ranges::replace(plain, ';', ',');
  return plain;
}

// In a device control string that tmux passes on: each ESC is doubled.
std::string for_tmux(std::string_view sequence) {
  std::string wrapped = "\x1bPtmux;";
  for (const char c : sequence) {
    if (c == '\x1b') wrapped += c;
    wrapped += c;
  }
  return wrapped + "\x1b\\";
}

}  // namespace

Notifier notifier_of(const Variable& variable) {
  const std::string term = variable("TERM");
  // The variables of a graphical terminal do not mean that this is one.
  if (term.empty() || term == "dumb" || term == "linux") return {};
  const bool is_in_tmux = !variable("TMUX").empty();
  if (!is_in_tmux && !variable("STY").empty()) return {};  // screen
  for (const Sign& sign : kSigns) {
    const std::string value = variable(sign.variable);
    if (value.empty() || !value.starts_with(sign.value)) continue;
    return {.form = sign.form, .is_in_tmux = is_in_tmux};
  }
  return {};
}

std::string notification(const Notifier& notifier, std::string_view text) {
  if (notifier.form == Form::none) return {};
  const bool is_osc9 = notifier.form == Form::osc9;
  const std::string sequence =
      (is_osc9 ? "\x1b]9;" : "\x1b]777;notify;uchat;") + plain_text(text) + '\a';
  return notifier.is_in_tmux ? for_tmux(sequence) : sequence;
}

}  // namespace chatd::client
