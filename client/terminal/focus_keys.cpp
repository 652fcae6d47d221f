// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/focus_keys.hpp"

#include <cstdio>
#include <utility>

// Only after <cstdio>: readline's header uses FILE without including it.
#include <readline/readline.h>

namespace chatd::client {

namespace {

std::function<void(bool has_focus)>& focus_handler() {
  static std::function<void(bool)> handler;
  return handler;
}

template <bool has_focus>
int on_focus(int /*count*/, int /*key*/) {
  if (focus_handler()) focus_handler()(has_focus);
  return 0;
}

}  // namespace

bool bind_focus_keys(std::function<void(bool has_focus)> handler) {
  focus_handler() = std::move(handler);
  for (Keymap keymap : {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap}) {
    rl_bind_keyseq_in_map("\\e[I", &on_focus<true>, keymap);
    rl_bind_keyseq_in_map("\\e[O", &on_focus<false>, keymap);
  }
  const char* const up = rl_get_termcap("up");
  return up != nullptr && *up == '\x1b';
}

}  // namespace chatd::client
