// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_away_fields.hpp — the lists of the fields that a snapshot keeps of a member that has
// said that it is away.
//
// Runs in:   supervisor. Pure.
// Invariant: as in snapshot_fields.hpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/handover/snapshot_wrappers.hpp"
#include "daemon/state/said_away.hpp"

namespace chatd::handover {

// The list of T.
template <class T>
struct KeptFields;

template <>
struct KeptFields<state::SaidAway> {
  static constexpr void fields(auto& v, auto& said) {
    v("away_changed", Sparse{said.changed, std::int64_t{0}});
    v("away_text", Sparse{said.text, std::string_view{}});
    v("said_away", Sparse{said.is_away, std::uint8_t{0}});
  }
};
template <>
struct KeptFields<state::AwaySlot> {
  static constexpr void fields(auto& v, auto& away) {
    v("away", InForce{away, away.serial, away.copies});
    v("away_decision", Sparse{away.decision, std::uint64_t{0}});
  }
};

}  // namespace chatd::handover
