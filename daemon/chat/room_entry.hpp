// SPDX-License-Identifier: GPL-3.0-or-later
// room_entry.hpp — a command of a member about a further room, and the subscription that it gets.
//
// Runs in:   gateway. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/chat/types.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::chat {

// The sender of a command, a native member.
struct RoomActor {
  Slot slot;
  std::uint64_t end;  // of the command in the member's stream
  Now now;
};
// A member's subscription to a room.
struct RoomEntry {
  state::RoomPlace room;
  std::size_t at;             // see state::Subscription
  std::uint64_t offset;       // of the first byte that the member receives
  std::uint64_t live_offset;  // records that end at or below it are a replay
  [[nodiscard]] std::uint8_t stream() const noexcept {
    return static_cast<std::uint8_t>(wire::kFirstRoomStream + at);
  }
};

// Where a session is in a room.
struct RoomSubscription {
  std::size_t at;  // the index of the subscription
  state::RoomIndex room;
};

}  // namespace chatd::chat
