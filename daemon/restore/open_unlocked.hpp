// SPDX-License-Identifier: GPL-3.0-or-later
// open_unlocked.hpp — opens a database that another process may have open for some time: the
// archive of a predecessor ends late if it waits for its disk.
//
// Runs in:   the loader.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "daemon/store/fault.hpp"

namespace chatd::restore {

// Calls open() again while the database is locked, for at most `limit`.
template <class Open>
[[nodiscard]] auto open_unlocked(Open open, std::chrono::milliseconds limit,
                                 const std::function<void()>& alive) -> decltype(open()) {
  constexpr std::chrono::milliseconds kAgain{50};
  const MonoTime end = mono_now() + limit;
  for (;;) {
    auto opened = open();
    const bool is_locked = !opened && store::fault_of(opened.error()) == store::Fault::locked;
    if (!is_locked) return opened;
    if (mono_now() >= end) {
      return fail("another process has it open (a second chatd on this directory, or sqlite3)");
    }
    (void)::poll(nullptr, 0, static_cast<int>(kAgain.count()));
    alive();
  }
}

}  // namespace chatd::restore
