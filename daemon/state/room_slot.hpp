// SPDX-License-Identifier: GPL-3.0-or-later
// room_slot.hpp — the further rooms beside the default one: the row of a room, and the ring of
// rooms that have news.
//
// Runs in:   gateway (writes), worker and archive. Part of the shared layout.
// Invariant: a room id is never used twice in one history. The logs of two rooms have no offset in
//            common: bytes of a stream that arrive late are outside of the window of another room
//            that has the stream's number, on both sides.
// See:       room_table.hpp, the only code that changes rooms; subscription.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/wire/native/native_record.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/registry_head.hpp"
#include "daemon/state/subscription.hpp"

namespace chatd::state {

// 0: the default room, which has no row.
enum class RoomId : std::uint32_t {};
inline constexpr RoomId kDefaultRoom{0};
// The row of a further room.
enum class RoomIndex : std::uint32_t {};

// Bytes of a room's log before its number of offsets is used up, and where its offsets begin. After
// 2^24 rooms the offsets begin again; nothing of the first ones is on its way then.
inline constexpr unsigned kRoomOffsetBits = 40;
[[nodiscard]] constexpr Offset first_offset(RoomId id) noexcept {
  return Offset{(std::uint64_t{static_cast<std::uint32_t>(id)} & 0xFF'FFFF) << kRoomOffsetBits};
}

enum class RoomPhase : std::uint32_t {
  free,
  making,  // its maker is not in it yet
  made,
  dropping,  // no member enters it; its members are removed
};

struct RoomSlot {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<RoomPhase> phase;
  std::atomic<std::uint32_t> id;
  RoomHead head;
  std::int64_t made_wall;    // microseconds since 1970
  std::int64_t empty_since;  // monotonic, microseconds; 0: it has members
  // The command that made it: its sender, and where it ends in the sender's stream; all zero if it
  // was none. A command that is sent again because its gateway was killed is recognized by it.
  std::uint64_t maker_generation;
  std::uint64_t maker_end;
  Identity maker;           // the maker's key
  IpAddress maker_network;  // see network_of()
  // The id of the history in which the room was made. A room that is restored from the disk keeps
  // it, and so its number in the database.
  std::uint64_t born;
  std::uint32_t maker_slot;
  std::uint8_t is_kept;    // 1: it stays without members
  std::uint8_t has_lines;  // 1: somebody has written in it
  // names[name_serial % 2] is in use. A new name is written into the other place, so that a room
  // has its old name or its new one whenever the gateway is killed.
  std::atomic<std::uint8_t> name_serial;
  std::array<std::uint8_t, 2> name_bytes;
  alignas(8) std::array<std::array<char, kMaxNameBytes>, 2> names;
  // Of phase, id, maker, is_kept and name; see registry_head.hpp.
  RowVersion version;
};
static_assert(sizeof(RoomSlot) % kCacheLine == 0);
[[nodiscard]] inline std::string_view name_of(const RoomSlot& room) noexcept {
  const std::size_t at = room.name_serial.load(std::memory_order_acquire) % room.names.size();
  return {room.names[at].data(), std::min<std::size_t>(room.name_bytes[at], room.names[at].size())};
}

struct RoomPlace {
  RoomId id{};
  RoomIndex index{};
  friend bool operator==(const RoomPlace&, const RoomPlace&) = default;
};
[[nodiscard]] constexpr std::uint64_t to_word(RoomPlace place) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(place.id)} << 32U |
         static_cast<std::uint32_t>(place.index);
}
[[nodiscard]] constexpr RoomPlace room_place(std::uint64_t word) noexcept {
  return {.id = RoomId{static_cast<std::uint32_t>(word >> 32U)},
          .index = RoomIndex{static_cast<std::uint32_t>(word)}};
}

// The rooms whose log has grown, in order; each append adds one entry. A follower that is further
// behind than the ring is long looks at all rooms.
inline constexpr std::size_t kNewsEntries = 65'536;
struct RoomNews {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<std::uint64_t> count;
  // The room that the gateway appends to, and whether it does: 1 + its row, or 0. A successor looks
  // at the end of that room's log.
  std::atomic<std::uint32_t> appending;
  alignas(kCacheLine) std::array<std::atomic<std::uint32_t>, kNewsEntries> room;
};

}  // namespace chatd::state
