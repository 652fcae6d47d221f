// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/readline_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>

// Only after <cstdio>: readline's header uses FILE without including it.
#include <readline/history.h>
#include <readline/readline.h>

#include "client/words/secret_text.hpp"

namespace chatd::client {

std::string_view typed_text() {
  return {rl_line_buffer, static_cast<std::size_t>(std::max(rl_end, 0))};
}

void wipe_typed_text() {
  std::span typed{rl_line_buffer, static_cast<std::size_t>(rl_end)};
  crypto::wipe(std::as_writable_bytes(typed));
}

// A line of the history has the list of the changes that were made before readline left it. If the
// list was freed with the later changes, readline would free it again.
void drop_typed_text() {
  if (current_history() != nullptr && rl_undo_list != nullptr) {
    rl_revert_line(1, 0);
    (void)free_history_entry(replace_history_entry(where_history(), rl_line_buffer, nullptr));
  }
  rl_replace_line("", 1);
  rl_point = rl_end = 0;
  forget_failures();
}

bool is_searching() { return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH) != 0; }

void forget_failures() { rl_eof_found = 0; }

}  // namespace chatd::client
