// SPDX-License-Identifier: GPL-3.0-or-later
// subscription.hpp — a session's place in a further room.
//
// Runs in:   gateway (writes, but for the worker's line) and worker. Part of the shared layout.
// Invariant: a session that enters the same room again gets another stream.
// See:       room_table.hpp, the only code that changes subscriptions.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "common/wire/native/native_frame.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::state {

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

// How the join is told, or, once it has begun, the leave.
[[nodiscard]] Telling telling_of(const Subscription& one) noexcept;

}  // namespace chatd::state
