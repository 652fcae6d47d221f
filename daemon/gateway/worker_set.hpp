// SPDX-License-Identifier: GPL-3.0-or-later
// worker_set.hpp — the workers that are called: their members are to be served, although no log may
// have grown.
//
// Runs in:   gateway. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class WorkerSet {
 public:
  // `workers`: the processes of the role.
  explicit WorkerSet(std::uint32_t workers) noexcept : workers_{std::max(workers, 1U)} {}

  // The worker that serves the session, see fan_out.hpp.
  void add_worker_of(state::Slot session) noexcept { bits_ |= 1ULL << (session % workers_); }
  void add_all() noexcept { bits_ = (1ULL << workers_) - 1; }
  void clear() noexcept { bits_ = 0; }

  [[nodiscard]] bool is_empty() const noexcept { return bits_ == 0; }
  // `index`: of the worker among the workers.
  [[nodiscard]] bool has(std::uint32_t index) const noexcept {
    return index < workers_ && (bits_ >> index & 1U) != 0;
  }

 private:
  static_assert(state::kMaxWorkers < 64);
  std::uint32_t workers_;
  std::uint64_t bits_{0};
};

}  // namespace chatd::gateway
