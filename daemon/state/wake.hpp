// SPDX-License-Identifier: GPL-3.0-or-later
// wake.hpp — how the gateway wakes workers that sleep, and only those.
//
// Runs in:   gateway (ring), worker (sleep). One bell per worker.
// Borrows:   the eventfd; the supervisor owns it, so it outlives both ends.
// Invariant: no record is missed: the worker sets `sleeping` and then reads the log once more;
//            the gateway appends and then reads `sleeping`. Both have a full fence in between,
//            so at least one of them sees the other's store (a store followed by a load of
//            another address is reordered even on x86).
#pragma once

#include <atomic>

#include "daemon/state/layout.hpp"

namespace chatd::state {

// After an append, or when that follower has other work. Writes to the eventfd only if it sleeps.
// Its `sleeping` is that of its ProcessControl; of web that of WebPresence.
void ring_bell(std::atomic<std::uint32_t>& sleeping, int eventfd) noexcept;
inline void ring_bell(ProcessControl& worker, int eventfd) noexcept {
  ring_bell(worker.sleeping, eventfd);
}

// Before waiting. `has_work` is called after `sleeping` was set; true means that the worker must
// not wait (and `sleeping` is cleared again).
template <class HasWork>
[[nodiscard]] bool may_sleep(ProcessControl& self, HasWork has_work) noexcept {
  self.sleeping.store(1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!has_work()) return true;
  self.sleeping.store(0, std::memory_order_relaxed);
  return false;
}

// Writes to the eventfd whether the worker sleeps or not. A worker rings its own bell: there is
// more work after a turn of the event loop. A new gateway rings every bell: its predecessor may
// have been killed between clearing `sleeping` and the write.
void ring_own_bell(int eventfd) noexcept;

// Resets the eventfd.
void silence_bell(int eventfd) noexcept;

}  // namespace chatd::state
