// SPDX-License-Identifier: GPL-3.0-or-later
// room_admin.hpp — the administrator's commands about further rooms: keep a room, drop it, and
// remove a member from it. Also drops a room that nobody uses when there is no space for another
// one, and removes a session from all further rooms when another program of the member takes it
// over.
//
// Runs in:   gateway.
// Borrows:   the Sessions, the Rooms, the Mailboxes.
// Pure:      no descriptor, no clock, no log.
// Invariant: a member that is removed gets a record `left` with a reason, at least once: adopt()
//            delivers it for a predecessor that was killed. A drop that has begun is finished. A
//            removal that has begun is finished, too; if the room's log has no record of it, a
//            record `kick` is appended.
#pragma once

#include <string_view>

#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

class RoomAdmin {
 public:
  RoomAdmin(const config::Config& config, Sessions& sessions, Rooms& rooms, Mailboxes& mailboxes)
      : config_{config}, sessions_{sessions}, rooms_{rooms}, mailboxes_{mailboxes} {}

  // After Rooms::adopt(): finishes the removals and drops that a predecessor began.
  void adopt(Now now);

  // From now on the room stays without members.
  void keep(state::RoomIndex room);
  // Removes all members, then the room. Returns how many members it had.
  std::uint32_t drop(state::RoomIndex room, Now now);
  // Drops the room that was made first of those in which nobody has written, and that a member made
  // longer than rooms.linger ago; none that stays without members. False: there is none. Reads the
  // rows of all rooms.
  bool drop_unused(Now now);
  // Removes the member, with all of its programs, from this room only; the room's log gets a record
  // `kick`. An empty reason is none. False: the member is not in the room.
  bool kick(Slot member, state::RoomId room, std::string_view reason, Now now);
  // The same; the member receives `told`, which names the sender of the command, as the reason.
  bool kick(Slot member, state::RoomId room, std::string_view reason, std::string_view told,
            Now now);
  // Another program of the member takes the session over: the session leaves all further rooms. The
  // other sessions of the member stay in theirs.
  void replace_client(Slot member, Now now);

 private:
  [[nodiscard]] bool is_unused(state::RoomIndex room, Now now) const;
  // `told` is the reason that its members receive.
  std::uint32_t drop(state::RoomIndex room, std::string_view told, Now now);
  // Removes the member. The room's log gets a record of `kind` with `reason`, the member's mailbox
  // a record `left` with `told`.
  void remove(Slot member, const Rooms::Found& found, state::RecordKind kind,
              std::string_view reason, std::string_view told, Now now);
  void finish(Slot member, std::size_t at, state::RoomIndex room, std::string_view reason, Now now);

  const config::Config& config_;
  Sessions& sessions_;
  Rooms& rooms_;
  Mailboxes& mailboxes_;
};

}  // namespace chatd::chat
