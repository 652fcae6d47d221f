// SPDX-License-Identifier: GPL-3.0-or-later
// registry_text.hpp — the rows that are kept on disk as texts: each is the object that a snapshot
// has of it, in JSON.
//
// Runs in:   archive (writes). Pure: it gets copies of the rows.
// Shape:     a byte string, which JSON does not have, is a text of hexadecimal digits. A room has
//            "name" and "properties", and neither its log nor what it counts.
// Invariant: members are only ever added, as in a snapshot.
// See:       daemon/archive/registry.hpp, which stores them.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/state/room_properties.hpp"
#include "daemon/state/room_slot.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::handover {

inline constexpr int kRegistryFormat = 1;  // "version" of registry.json

// An object of a snapshot as a text. The rows of kept tables: see kept_tables.hpp.
[[nodiscard]] std::string as_text(nlohmann::json value);
[[nodiscard]] std::string text_of(const state::RuleSlot& rule);
[[nodiscard]] std::string text_of(const state::RoomSlot& room,
                                  const state::RoomProperties& properties);
// Of the default room.
[[nodiscard]] std::string text_of(const state::RoomProperties& properties);

}  // namespace chatd::handover
