// SPDX-License-Identifier: GPL-3.0-or-later
// worker_set.hpp — the workers that the gateway calls. A call makes a worker serve all of its
// members, also if no log has grown.
//
// Runs in:   gateway. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class WorkerSet {
 public:
  // `workers`: the number of worker processes.
  explicit WorkerSet(std::uint32_t workers) noexcept : workers_{std::max(workers, 1U)} {}

  // Adds the worker that serves the session, see fan_out.hpp.
  void add_worker_of(state::Slot session) noexcept { bits_ |= 1ULL << (session % workers_); }
  void add_all() noexcept { bits_ = (1ULL << workers_) - 1; }
  void clear() noexcept { bits_ = 0; }

  [[nodiscard]] bool is_empty() const noexcept { return bits_ == 0; }
  // `index`: the number of the worker, from 0.
  [[nodiscard]] bool has(std::uint32_t index) const noexcept {
    return index < workers_ && (bits_ >> index & 1U) != 0;
  }

 private:
  static_assert(state::kMaxWorkers < 64);
  std::uint32_t workers_;
  std::uint64_t bits_{0};
};

}  // namespace chatd::gateway
