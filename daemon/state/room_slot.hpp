// SPDX-License-Identifier: GPL-3.0-or-later
// room_slot.hpp — the further rooms beside the default one: the row of a room, a session's
// subscription to it, and the ring of rooms that have news.
//
// Runs in:   gateway (writes, but for the worker's line of a subscription) and worker. Part of the
//            shared layout.
// Invariant: a room id is never used twice in one history. The logs of two rooms have no offset in
//            common: bytes of a stream that arrive late are outside of the window of another room
//            that has the stream's number, on both sides. A session that enters the same room
//            again gets another stream.
// See:       room_table.hpp, the only code that changes rooms and subscriptions.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "common/wire/native/native_frame.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/registry_head.hpp"

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

// Further rooms that a session may be in; NativeSlot.subscriptions says which are in use. Stream
// wire::kFirstRoomStream + i is subscription i.
inline constexpr std::size_t kSubscriptions = wire::kMaxRoomStreams;
inline constexpr std::size_t kSubscriptionHoles = 3;

// The state of a room's stream at the member. Copied as words by the worker; a copy may mix two
// acknowledgements, which costs bytes that are sent twice.
struct SubscriptionAcks {
  std::uint64_t acked;
  std::uint32_t window;
  std::uint32_t holes;
  std::array<wire::Hole, kSubscriptionHoles> hole;
};

enum class SubscriptionPhase : std::uint8_t {
  free,
  entering,
  member,
  leaving,
  removing,  // leaving without a command of the member: the record `left` is not delivered yet
};

// A session's place in a room. A page of subscriptions that was never looked at has no memory.
struct Subscription {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<std::uint64_t> room;  // its id << 32 | its row; 0: none
  std::uint64_t change;  // where its join or leave record belongs in the room's log
  SubscriptionAcks acks;
  std::atomic<SubscriptionPhase> phase;
  // 1: no record tells the room of the join, or of the leave, because the member is in the room
  // with another program.
  std::uint8_t is_quiet;
  // As in Telling. The leave does not overwrite how the join was told: if a gateway is killed
  // before the phase is stored, the member stays.
  std::uint8_t is_counted_join;
  std::uint8_t is_counted_leave;
  std::uint32_t counted_before;  // of the last one
  // Written by: the session's worker.
  alignas(kCacheLine)
      std::atomic<std::uint64_t> sending_for;  // the `room` that the values below are for
  std::uint64_t connection;                    // and the connection, see NativePeer
  transport::StreamState stream;
  // Written by: gateway. See SessionSlot; the record of a late join belongs at `change`.
  std::atomic<LateJoin> late_join;
  std::uint8_t is_late_leave;  // the leave is not told
};
// The room has not been told of the join.
[[nodiscard]] inline bool is_untold(const Subscription& one) noexcept {
  return one.late_join.load(std::memory_order_relaxed) == LateJoin::untold;
}
static_assert(sizeof(Subscription) == 2 * kCacheLine);
static_assert(sizeof(SubscriptionAcks) % 8 == 0 && std::is_trivially_copyable_v<SubscriptionAcks>);

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
