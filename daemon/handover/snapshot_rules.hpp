// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_rules.hpp — the part of a snapshot about rules and the properties of rooms, written and
// read.
//
// Runs in:   supervisor, while no child runs.
// Shape:     in the snapshot "rules" (an array), "last_rule" (the highest id of a rule that was
//            ever used), "registry" (RegistryHead::memory, which a registry on disk has, too),
//            "properties" (of the default room) and, if a killed gateway did not finish
//            the change of a room, "changing": the room's id, 0 for the default room, and
//            "changing_at": an offset of its log. In each further room "properties". A snapshot
//            without them has no rules, and rooms with the properties of a new room.
// Invariant: a rule keeps its id. A damaged rule is left out, and the others are restored. A
//            further room whose properties are damaged is hidden and for invited members only.
// Errors:    none; what is left out is counted.
#pragma once

#include <cstddef>

#include <nlohmann/json.hpp>

#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::handover {

[[nodiscard]] nlohmann::json properties_of(const state::RoomProperties& room);
// Restores the properties of a further room.
void read_properties(const nlohmann::json& from, state::RoomProperties& room);

// Adds the rules, and the properties of the default room.
void write_rules(nlohmann::json& snapshot, const state::StateView& state);

struct RestoredRules {
  std::size_t restored{0};
  std::size_t left_out{0};
};
// Restores the rules, after the rooms. If there are fewer rows: bans and mutes of the whole server
// first, then those of rooms; owners, moderators, then invitations. One row stays free: without it
// no rule could be added. Rules of a room that is not restored are not counted.
[[nodiscard]] RestoredRules read_rules(const nlohmann::json& snapshot,
                                       const state::StateView& state, const RoomsReader& rooms);

}  // namespace chatd::handover
