// SPDX-License-Identifier: GPL-3.0-or-later
// control_room_changes.hpp — carries out the requests of administrators that change a room: its
// name, its properties, and the roles of its members.
//
// Runs in:   gateway.
// Borrows:   the Chat, the ControlRooms.
// Invariant: a change is made as an owner of the room would make it: the members read a record of
//            it. The caller wakes the workers afterwards, see ControlHost.
// Errors:    a Refusal.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "common/wire/control/room_change_reports.hpp"
#include "common/wire/control/room_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_rooms.hpp"

namespace chatd::gateway {

class ControlRoomChanges {
 public:
  // Ends a session of any protocol.
  using Remove =
      std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)>;
  ControlRoomChanges(chat::Chat& chat, const ControlRooms& rooms, Remove remove)
      : chat_{chat}, rooms_{rooms}, remove_{std::move(remove)} {}

  control::Answer<wire::RenamedRoomReport> rename(std::string_view room, std::string_view name);
  // `property` is topic, invited, hidden, lecture, slow, enter or history; `value` a text, yes or
  // no, seconds, or anyone, known or owned.
  control::Answer<wire::RoomSetReport> set(std::string_view name, std::string_view property,
                                           std::string_view value);
  // `role` is owner or moderator. `remove`: the member has this role, and has none afterwards; its
  // sessions end if they are banned then.
  control::Answer<wire::RoomRoleReport> role(state::RuleKind role, std::string_view room,
                                             std::string_view name, bool remove);
  // Topic, roles, properties and the number of invitations, into the report of `room`.
  void describe(const ControlRooms::Room& room, wire::RoomReport& report) const;

 private:
  using Room = ControlRooms::Room;
  control::Answer<wire::RoomSetReport> set_topic(const Room& room, std::string_view topic);
  [[nodiscard]] bool has_role(const Room& room, chat::Role role, std::string_view name) const;

  chat::Chat& chat_;
  const ControlRooms& rooms_;
  Remove remove_;
};

}  // namespace chatd::gateway
