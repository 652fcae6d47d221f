// SPDX-License-Identifier: GPL-3.0-or-later
// wake.hpp — how the gateway wakes workers that have nothing to do, and only those.
//
// Runs in:   gateway (ring), worker (sleep). One bell per worker.
// Borrows:   the eventfd; the supervisor owns it, so it outlives both ends.
// Invariant: no record is left behind: the worker says that it sleeps and then looks at the
//            log once more; the gateway appends and then looks whether the worker sleeps.
//            Both put a full fence in between, so at least one of them sees the other
//            (a store followed by a load of another word is reordered even on x86).
#pragma once

#include <atomic>

#include "daemon/state/layout.hpp"

namespace chatd::state {

// After appending, or whenever else there is something for that worker to look at. Writes to
// the eventfd only if the worker sleeps.
void ring_bell(ProcessControl& worker, int eventfd) noexcept;

// Before waiting. `has_work` is asked after the worker said that it sleeps; true means that
// it must not wait (and it no longer says that it sleeps).
template <class HasWork>
[[nodiscard]] bool may_sleep(ProcessControl& self, HasWork has_work) noexcept {
  self.sleeping.store(1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!has_work()) return true;
  self.sleeping.store(0, std::memory_order_relaxed);
  return false;
}

// Without asking whether the worker sleeps. The worker to itself: there is more to do, after
// the event loop had its turn. A new gateway to every worker: its predecessor may have been
// killed between saying that a worker is awake and waking it.
void ring_own_bell(int eventfd) noexcept;

// Takes all rings off the eventfd.
void silence_bell(int eventfd) noexcept;

}  // namespace chatd::state
