// SPDX-License-Identifier: GPL-3.0-or-later
// kept_service.hpp — the state of a service with one member, ada, for its successors to take over.
//
// Runs in:   test programs.
// Owns:      the memory files; each kept() has copies of their descriptors.
#pragma once

#include <unistd.h>

#include <vector>

#include <gtest/gtest.h>

#include "daemon/handover/take_over.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {

class KeptService : public ::testing::Test {
 protected:
  static constexpr state::Slot kAdasSlot{3};
  static constexpr state::ResetSecret kRandom{std::byte{1}};
  static constexpr state::ResetSecret kFormer{std::byte{2}};

  // Starts the service, with ada as a member.
  void begin(std::uint16_t socket = 0) {
    first_ = take_over({}, wanted()).value();
    const auto state = view(first_);
    state::SessionTable sessions{state};
    const auto adas = test::delivery_to(test::endpoint("192.0.2.1:5000"), false, socket);
    sessions.open(kAdasSlot, {.kind = state::SessionKind::text,
                              .delivery = adas,
                              .name = "ada",
                              .log_tail = 0,
                              .joined = now_,
                              .now = test::mono_at(std::chrono::seconds{1})});
    sessions.activate(kAdasSlot);
  }
  [[nodiscard]] static state::StateView view(const Begin& begin) {
    return state::StateView::map(begin.state.get(), state::Access::writer).value();
  }
  [[nodiscard]] static bool has_ada(const Begin& begin) {
    const auto state = view(begin);
    return state.slots()[kAdasSlot].phase.load() == state::SessionPhase::active &&
           state::SessionTable{state}.name(kAdasSlot) == "ada";
  }
  [[nodiscard]] Wanted wanted(const state::ResetSecret& secret = kRandom) const {
    return {.geometry = geometry_,
            .sockets = sockets_,
            .history_id = 7,
            .reset_secret = secret,
            .former_reset_secret = kFormer,
            .now = now_};
  }
  [[nodiscard]] state::ResetSecret reset_secret_of(const Begin& begin) const {
    return state::KeyTable::map(begin.keys.get(), geometry_.sessions, state::Access::writer)
        ->reset_secret();
  }
  static UniqueFd copy(const UniqueFd& fd) { return UniqueFd{::dup(fd.get())}; }
  Kept kept() { return {.state = copy(first_.state), .keys = copy(first_.keys), .snapshot = {}}; }

  state::Geometry geometry_{test::kSmallGeometry};
  std::vector<Endpoint> sockets_;
  WallTime now_{std::chrono::seconds{1'000'000}};
  Begin first_{};
};

}  // namespace chatd::handover
