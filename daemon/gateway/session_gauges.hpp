// SPDX-License-Identifier: GPL-3.0-or-later
// session_gauges.hpp — how many sessions of each kind there are, for metrics.
//
// Runs in:   gateway, once in kEvery: another process that shows the figures has no session table.
// Borrows:   the shared state.
// Cost:      two cache lines a session; 10,000 sessions take less than a millisecond.
#pragma once

#include <array>
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
    std::array<std::uint64_t, 3> of_kind{};
    std::uint64_t away = 0;
    for (std::size_t word = 0; word < state_.active().size(); ++word) {
      std::uint64_t bits = state_.active()[word].load(std::memory_order_relaxed);
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        const auto kind = state_.slots()[slot].kind;
        ++of_kind.at(static_cast<std::size_t>(kind));
        if (state::has_mailbox(kind) && state_.native_slots()[slot].away_since != 0) ++away;
      }
    }
    auto& figures = state_.gateway_figures();
    const auto store = [&](state::Counter& figure, state::SessionKind kind) {
      figure.store(of_kind.at(static_cast<std::size_t>(kind)), std::memory_order_relaxed);
    };
    store(figures.sessions_text, state::SessionKind::text);
    store(figures.sessions_native, state::SessionKind::native);
    store(figures.sessions_web, state::SessionKind::web);
    figures.sessions_away.store(away, std::memory_order_relaxed);
  }

  const state::StateView& state_;
  MonoTime next_{};
};

}  // namespace chatd::gateway
