// SPDX-License-Identifier: GPL-3.0-or-later
// sockets.hpp — sessions name their socket by its number; a successor may number otherwise.
//
// Runs in:   supervisor, while no child runs.
#pragma once

#include <span>

#include "common/base/address.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

// From the numbers of a predecessor, which keeping() has, to those of `now` (at most
// state::kMaxSockets). A session whose socket is gone gets one of its family that is not
// bound to a single address; without any, it cannot be reached until it says something.
void renumber_sockets(const state::StateView& state, std::span<const Endpoint> now);

}  // namespace chatd::handover
