// SPDX-License-Identifier: GPL-3.0-or-later
// room_about.hpp — the facts that a member of a room is shown: the text of a record `about`.
//
// Runs in:   gateway. Pure.
// Borrows:   the StateView, the Sessions, the Rooms, the Rules, the RoomRights.
// Shape:     lines "key\tvalue"; times are microseconds since 1970, 0: none:
//              topic TEXT, topic_by NAME (empty: the administrator),
//              topic_set TIME                                          if there is a topic
//              made TIME, members NUMBER
//              invited 1, hidden 1, lecture 1, slow SECONDS, enter known|owned   if they are set
//              owner NAME, moderator NAME                              a line for each
//            For owners and moderators also:
//              ban, mute, invitation ID NAME UNTIL BY REASON           a line for each
//            Rules for networks are not shown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

class RoomAbout {
 public:
  RoomAbout(const state::StateView& state, const Sessions& sessions, const Rooms& rooms,
            const Rules& rules, const RoomRights& rights)
      : state_{state}, sessions_{sessions}, rooms_{rooms}, rules_{rules}, rights_{rights} {}

  struct Written {
    std::size_t bytes;                  // of the text
    std::optional<std::uint32_t> next;  // the number of the next line; nullopt: no more lines
  };
  // Writes as many lines as fit, from line `from` on. `reader` is in the room.
  [[nodiscard]] Written write(Slot reader, const RoomRights::Where& room, std::uint32_t from,
                              std::span<char> out, WallTime now) const;

 private:
  const state::StateView& state_;
  const Sessions& sessions_;
  const Rooms& rooms_;
  const Rules& rules_;
  const RoomRights& rights_;
};

}  // namespace chatd::chat
