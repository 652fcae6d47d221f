// SPDX-License-Identifier: GPL-3.0-or-later
// stored_place.hpp — how far the log of a room is on disk. A row for each further room, and one
// for the default room behind them.
//
// Runs in:   archive (writes), gateway (reads). Part of the shared layout.
// Invariant: every message that ends at or below `offset` is on disk, fsynced, if it ends above
//            `lost`. The archive stores `lost` before the transaction that shows the loss, and
//            `offset` after the commit: a reader that sees the second one sees the first one. All
//            zero, as after a snapshot or a cold start: nothing is stored.
#pragma once

#include <atomic>
#include <cstdint>

#include "daemon/state/room_slot.hpp"

namespace chatd::state {

// Written by: archive.
struct StoredPlace {
  std::atomic<std::uint64_t> offset;
  // Of the messages that end at or below it some were overwritten before they were stored.
  std::atomic<std::uint64_t> lost;
};

// Where the log of the further room begins that an offset is of.
[[nodiscard]] constexpr std::uint64_t beginning_of_room(std::uint64_t offset) noexcept {
  return offset >> kRoomOffsetBits << kRoomOffsetBits;
}

// The message of a room's log that ends at `end`.
enum class Stored : std::uint8_t {
  not_yet,
  yes,
  unknown,  // it may be one of those that are lost
};

// A row has one room after the other, whose logs have no offset in common.
[[nodiscard]] inline Stored stored(const StoredPlace& place, RoomId room, Offset end) noexcept {
  const std::uint64_t offset = place.offset.load(std::memory_order_acquire);
  const std::uint64_t lost = place.lost.load(std::memory_order_acquire);
  if (room != kDefaultRoom) {
    // In the circle of the ids: above 0 if the row is for a later room, below if for an earlier
    // one.
    const auto distance = static_cast<std::int64_t>(beginning_of_room(offset) - first_offset(room));
    if (distance > 0) return Stored::unknown;
    if (distance < 0) return Stored::not_yet;
  }
  if (offset < end) return Stored::not_yet;
  return lost >= end ? Stored::unknown : Stored::yes;
}

}  // namespace chatd::state
