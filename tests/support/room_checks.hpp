// SPDX-License-Identifier: GPL-3.0-or-later
// room_checks.hpp — compares what the shared region says about further rooms: rows, bitmaps of
// members, and subscriptions. Also finds the row of a room.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "daemon/state/state_view.hpp"

namespace chatd::test {

// The id of a room as it is in a command.
[[nodiscard]] std::string id_text(state::RoomId room);

// The slots of the members, by the row of their room; rooms without members are left out.
using RoomMembers = std::map<std::uint32_t, std::set<std::uint32_t>>;

// Between two commands of a gateway: no change is unfinished, each subscription is a member's, to a
// room that exists, the bitmaps are those of the subscriptions, and the logs are whole. Fails the
// test otherwise. Returns the members.
RoomMembers expect_consistent_rooms(const state::StateView& state);

// The row of the room that has the id, if there is one in phase `made`.
[[nodiscard]] std::optional<state::RoomIndex> row_of(const state::StateView& state,
                                                     state::RoomId id);

}  // namespace chatd::test
