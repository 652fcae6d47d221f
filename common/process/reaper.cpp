// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/reaper.hpp"

namespace chatd::process {

Result<std::vector<Death>> reap_children() {
  std::vector<Death> deaths;
  for (;;) {
    // Until none is left: SIGCHLD does not queue, one signal can stand for several deaths.
    auto death = poll_any_child();
    if (!death && death.error().code() == ECHILD) return deaths;
    if (!death) return fail(std::move(death).error());
    if (!*death) return deaths;
    deaths.push_back(**death);
  }
}

}  // namespace chatd::process
