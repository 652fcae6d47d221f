// SPDX-License-Identifier: GPL-3.0-or-later
// session_gauges.hpp — how many sessions of each kind there are, for metrics.
//
// Runs in:   gateway, once in kEvery: another process that shows the figures has no session table.
// Borrows:   the shared state.
// Cost:      two cache lines a session; 10,000 sessions take less than a millisecond.
#pragma once

#include <bit>
#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::gateway {

class SessionGauges {
 public:
  explicit SessionGauges(const state::StateView& state) : state_{state} {}

  void tick(MonoTime now) {
    if (now < next_) return;
    next_ = now + kEvery;
    count();
  }

 private:
  static constexpr std::chrono::seconds kEvery{5};

  void count() {
    std::uint64_t text = 0;
    std::uint64_t native = 0;
    std::uint64_t away = 0;
    for (std::size_t word = 0; word < state_.active().size(); ++word) {
      std::uint64_t bits = state_.active()[word].load(std::memory_order_relaxed);
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        const bool is_native = state_.slots()[slot].kind == state::SessionKind::native;
        is_native ? ++native : ++text;
        if (is_native && state_.native_slots()[slot].away_since != 0) ++away;
      }
    }
    auto& figures = state_.gateway_figures();
    figures.sessions_text.store(text, std::memory_order_relaxed);
    figures.sessions_native.store(native, std::memory_order_relaxed);
    figures.sessions_away.store(away, std::memory_order_relaxed);
  }

  const state::StateView& state_;
  MonoTime next_{};
};

}  // namespace chatd::gateway
