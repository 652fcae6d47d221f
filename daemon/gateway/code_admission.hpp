// SPDX-License-Identifier: GPL-3.0-or-later
// code_admission.hpp — a login with an invitation code, of either protocol.
//
// Runs in:   gateway.
#pragma once

#include <optional>
#include <string_view>

#include "daemon/chat/chat.hpp"
#include "daemon/limits/member_log.hpp"

namespace chatd::gateway {

// The code admits the person. Returns the room that it lets into, if it did not before.
[[nodiscard]] inline std::optional<state::RoomId> admit_by_code(
    chat::Chat& chat, MemberLog& log, const chat::Invitations::Found& found, state::PersonId person,
    std::string_view name, WallTime now) {
  const auto room = chat.door.admit(found, person, name, now);
  if (!found.is_again) log.admitted(name, chat.invitations.row(found.code).id);
  return room;
}

// A gateway that is killed before this step leaves the member invited, but without the record.
inline void tell_invited(chat::Chat& chat, chat::Slot member, state::RoomId room, WallTime now) {
  const auto place = chat.rooms.find_id(room);
  if (!place) return;
  (void)chat.mailboxes.deliver_invited(member, {.kind = state::RecordKind::invited,
                                                .sender = std::nullopt,
                                                .name = chat.rooms.name(place->index),
                                                .text = {},
                                                .time = now});
}

}  // namespace chatd::gateway
