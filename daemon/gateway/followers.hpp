// SPDX-License-Identifier: GPL-3.0-or-later
// followers.hpp — wakes the processes that follow the logs: the workers, and web.
//
// Runs in:   gateway.
// Borrows:   the StateView, the processes.
// Owns:      what the followers were woken for, in private memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "daemon/gateway/worker_set.hpp"
#include "daemon/roles/processes.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/state/wake.hpp"

namespace chatd::gateway {

class Followers {
 public:
  // `web_sleeping`: see WebPresence; nullptr: there is no web.
  Followers(const state::StateView& state, std::span<const roles::Process> processes,
            std::atomic<std::uint32_t>* web_sleeping) noexcept
      : state_{state}, processes_{processes}, web_sleeping_{web_sleeping} {}

  // A killed predecessor may have appended records without a wake-up, or may have been killed
  // between its note of the wake-up and the wake-up. The call lets the followers look at all their
  // members: some may have entered a room.
  void wake_all() const noexcept {
    for (const auto& process : processes_) {
      if (!process.bell) continue;
      state::count(state_.process(process.row).calls);
      state::ring_own_bell(*process.bell);
    }
  }

  // Wakes all if a log has grown since the last call, else the workers that are called, and web if
  // any is: a mailbox may have grown. `news`: of further rooms.
  void wake(std::uint64_t news, const WorkerSet& called) noexcept {
    const std::uint64_t tail = state_.ring_head().tail.load(std::memory_order_relaxed);
    const bool has_grown = tail != tail_ || news != news_;
    if (!has_grown && called.is_empty()) return;
    tail_ = tail;
    news_ = news;
    for (const auto& process : processes_) {
      if (!process.bell) continue;
      if (process.role == roles::kWeb) {
        if (web_sleeping_ != nullptr) state::ring_bell(*web_sleeping_, *process.bell);
        continue;
      }
      auto& follower = state_.process(process.row);
      const bool is_called = process.role == roles::kWorker && called.has(process.index);
      if (is_called) state::count(follower.calls);
      if (is_called || has_grown) state::ring_bell(follower.sleeping, *process.bell);
    }
  }

 private:
  const state::StateView& state_;
  std::span<const roles::Process> processes_;
  std::atomic<std::uint32_t>* web_sleeping_;
  std::uint64_t tail_{0};
  std::uint64_t news_{0};
};

}  // namespace chatd::gateway
