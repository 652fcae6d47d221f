// SPDX-License-Identifier: GPL-3.0-or-later
// member_about.hpp — the facts that a member is shown about another one: the text of a record
// `whois`.
//
// Runs in:   gateway. Pure.
// Borrows:   the Sessions, the Rooms, the RoomRights.
// Shape:     lines "key\tvalue":
//              name NAME
//              protocol native or text
//              key FINGERPRINT     of a native member, which has proved its key
//              since TIME          microseconds since 1970, of the oldest of its programs
//              away TEXT           see is_away(); TEXT may be empty
//              silent SECONDS      since the server received anything from it
//              programs NUMBER     if it is the reader itself
//              room NAME           a line for each room, see below
//              more_rooms NUMBER   if there is no space for the lines of more rooms
// Invariant: a room is shown if the reader is in it, too, or if it is listed, not for invited
//            members only, and the reader is not banned there. So nobody learns of another room. No
//            line has an address.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "daemon/chat/room_rights.hpp"
#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

class MemberAbout {
 public:
  MemberAbout(const Sessions& sessions, const Rooms& rooms, const RoomRights& rights)
      : sessions_{sessions}, rooms_{rooms}, rights_{rights} {}

  // Writes the facts about the member that has the slot; returns the number of bytes. 1000 are
  // enough for all facts but the rooms.
  [[nodiscard]] std::size_t write(Slot reader, Slot member, std::span<char> out, Now now) const;

 private:
  // The further rooms that the member is in, with any program.
  [[nodiscard]] std::vector<state::RoomIndex> rooms_of(Slot member) const;
  [[nodiscard]] bool is_open_to(Slot reader, state::RoomIndex room, WallTime now) const;

  const Sessions& sessions_;
  const Rooms& rooms_;
  const RoomRights& rights_;
};

}  // namespace chatd::chat
