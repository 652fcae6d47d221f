// SPDX-License-Identifier: GPL-3.0-or-later
// sockets.hpp — gives sessions the socket numbers of a successor, which can have other sockets.
//
// Runs in:   supervisor, while no child runs.
#pragma once

#include <span>

#include "common/base/address.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

// Changes the socket numbers of all sessions from those of the predecessor, which keeping() has, to
// those of `now` (at most state::kMaxSockets). A session whose socket is missing gets one of its
// family that is bound to the wildcard address. Without one, the member cannot be reached before it
// sends a datagram.
void renumber_sockets(const state::StateView& state, std::span<const Endpoint> now);

}  // namespace chatd::handover
