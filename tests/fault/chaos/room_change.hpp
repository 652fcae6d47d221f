// SPDX-License-Identifier: GPL-3.0-or-later
// room_change.hpp — chooses changes of a room for owners, moderators and other members.
//
// Runs in:   chaos. Pure: the random numbers are arguments.
// Invariant: no rule has an end, because the clock of the daemon jumps.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "client/member/user_message.hpp"
#include "common/wire/native/native_room.hpp"
#include "tests/fault/chaos/history.hpp"
#include "tests/fault/chaos/room_rules.hpp"

namespace chatd::test {

// A command, and what its record in the room will be.
struct RoomChange {
  client::Message message;
  History::Sent sent;
};

// The text of a record.
[[nodiscard]] std::string record_text(const wire::RoomSetting& setting);
[[nodiscard]] std::string record_text(const wire::Moderation& moderation);

// The room and the members that a change is for.
struct ChangePlace {
  const std::string& room;  // its name at the moment
  const RoomRules& rules;   // as the sender knows them
  bool is_owner{};          // the sender made the room
};
// One of the names; there is at least one.
[[nodiscard]] const std::string& any_of(const RoomRules::Names& names, std::mt19937_64& random);
// Chooses a change, which is about the user `target` if it is about a user. `number` is in its
// text, so that the record is a unique one; the change of a property has no text. Owners change
// properties and roles, and mostly undo what they did before; anyone else tries what moderators may
// do.
[[nodiscard]] RoomChange choose_change(const ChangePlace& place, const std::string& target,
                                       std::uint64_t number, std::mt19937_64& random);

}  // namespace chatd::test
