// SPDX-License-Identifier: GPL-3.0-or-later
// room_rights.hpp — what a member may do in a room: find it, enter it, speak, and change it.
//
// Runs in:   gateway.
// Borrows:   the StateView, the Sessions, the Rules. Pure: it changes nothing but the times of the
//            rates.
// Invariant: a member who may not find a room gets the same answer as for a room that there is not.
// Hot path:  reason_not_to_say() does not allocate.
#pragma once

#include <cstdint>
#include <optional>

#include "common/wire/native/native_room.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

// From the lowest to the highest: a role acts on lower ones only.
enum class Role : std::uint8_t { none, moderator, owner, administrator };

class RoomRights {
 public:
  RoomRights(const state::StateView& state, const config::Config& config, const Sessions& sessions,
             Rules& rules);

  // Further rooms by their place; nullopt: the default room.
  using Where = std::optional<state::RoomPlace>;

  [[nodiscard]] Role role(Slot member, Where room, WallTime now) const;
  // Is it in the list of rooms, and in completions, of somebody who is not in it? Not a hidden
  // room, nor one that the member may not enter.
  [[nodiscard]] bool may_find(Slot member, state::RoomPlace room, WallTime now) const;
  // Not banned there or muted on entry; invited, or has a role, if the room is for invited members.
  [[nodiscard]] bool may_enter(Slot member, state::RoomPlace room, WallTime now) const;
  // Muted in the server or in the room, lecture, slow mode, or the rate of all members of the room
  // together. nullopt: it may, and the rates were charged.
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_say(Slot member, Where room, Now now);
  // Muted in the whole server.
  [[nodiscard]] std::optional<state::RuleIndex> mute_of(Slot member, WallTime now) const;
  // The least role that does this.
  [[nodiscard]] static Role least_role(wire::ModerateAction action) noexcept;
  [[nodiscard]] static Role least_role(wire::RoomProperty property) noexcept;

 private:
  const state::StateView& state_;
  const config::Config& config_;
  const Sessions& sessions_;
  Rules& rules_;
};

}  // namespace chatd::chat
