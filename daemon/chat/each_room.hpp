// SPDX-License-Identifier: GPL-3.0-or-later
// each_room.hpp — loops over all further rooms, and over the members of a room; the ids of all
// further rooms.
//
// Runs in:   gateway.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

// Calls take(place) for each room, in the order of the rows. `take` may drop the room.
template <class Take>
void for_each_room(const Rooms& rooms, Take take) {
  for (auto place = rooms.next(0); place;
       place = rooms.next(static_cast<std::uint32_t>(place->index) + 1)) {
    take(*place);
  }
}

// The ids of all further rooms, in ascending order.
[[nodiscard]] inline std::vector<state::RoomId> room_ids(const Rooms& rooms) {
  std::vector<state::RoomId> ids;
  for_each_room(rooms, [&](const state::RoomPlace& place) { ids.push_back(place.id); });
  std::ranges::sort(ids);
  return ids;
}

// Calls take(slot) for each session in the room. `take` may remove the session, and the other
// programs of its member.
template <class Take>
void for_each_session(const Rooms& rooms, state::RoomIndex room, Take take) {
  for (auto slot = rooms.next_session(room, Slot{}); slot;
       slot = rooms.next_session(room, Slot{*slot + 1})) {
    take(*slot);
  }
}

// Calls take(slot) for each member of the room: its first program there.
template <class Take>
void for_each_member(const Rooms& rooms, state::RoomIndex room, Take take) {
  for (auto slot = rooms.next_member(room, Slot{}); slot;
       slot = rooms.next_member(room, Slot{*slot + 1})) {
    take(*slot);
  }
}

}  // namespace chatd::chat
