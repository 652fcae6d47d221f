// SPDX-License-Identifier: GPL-3.0-or-later
// native_slot.hpp — the values of a native session beside its SessionSlot: how it is reached,
// which bytes it acknowledged, and which bytes its worker has in flight.
//
// Runs in:   gateway and worker. Part of the shared layout: a table parallel to the sessions.
// Invariant: each 64-bit word has one writer, except the packet counter, which both add to. The
//            peer is stored twice: the gateway writes the copy that is not in use and then
//            switches, so that it is whole whenever the gateway is killed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "common/transport/down_sender.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/said_away.hpp"

namespace chatd::state {

// The member's public key; of a browser what the gateway calculates from its token.
using Identity = std::array<std::byte, 32>;
// Identifies a session in packets: the slot and a random number, see wire::connection_of().
using ConnectionId = logs::Number<struct ConnectionTag>;

// Written by: gateway. Copied whole by workers.
struct NativePeer {
  Delivery delivery;
  std::uint64_t connection;   // identifies the session in packets; another number: other keys
  std::uint64_t ack_serial;   // counts the member's acknowledgements and moves
  std::uint64_t acked_bytes;  // of all streams, in this session so far
  std::array<std::uint64_t, wire::kDownStreams> acked;
  std::array<std::uint32_t, wire::kDownStreams> window;
  std::uint32_t srtt_us;
  std::uint32_t rttvar_us;
  std::uint32_t clock_offset;    // its clock minus ours; 0: not known
  std::uint16_t datagram_bytes;  // the largest that the path carries
  std::uint8_t attached;         // 1: a packet of the member arrived recently
  std::uint8_t holes;
  std::array<wire::Hole, wire::kMaxGaps> hole;  // in the room's stream
};
static_assert(sizeof(NativePeer) % 8 == 0 && std::is_trivially_copyable_v<NativePeer>);

// The packet that a worker waits for before it can send more to a member. `word`: any packet.
enum class Wanted : std::uint32_t { nothing, ack, word };

struct NativeSlot {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<std::uint64_t> serial;  // peer[serial % 2] is in force
  std::array<NativePeer, 2> peer;
  logs::LogHead mailbox;       // its bytes are a page of their own, see StateView::mailbox_log()
  std::uint64_t uplink;        // the end of the last command that was executed
  std::uint64_t wants_saved;   // 1: its client asked at its login for SAVED, see saved_waits.hpp
  std::uint64_t not_kept_to;   // commands that end behind it have a history, if wants_saved is 1
  std::uint64_t reads_direct;  // 1: its client shows direct messages, see waiting.hpp
  std::uint64_t is_plain;      // 1: of a browser; others can read what it sends
  std::uint64_t room_start;    // where its room stream began, this time
  std::uint64_t live_offset;   // bytes below are a replay to it
  std::int64_t away_since;     // monotonic; 0: it is attached
  std::uint64_t client;        // the member's client that logged in last
  std::int64_t client_since;   // wall; when it logged in first
  Identity identity;
  AwaySlot away;
  // Bit i: the session's subscription i to a room is in use, see room_slot.hpp.
  std::atomic<std::uint32_t> subscriptions;
  std::uint32_t next_subscription;  // where RoomTable::find_free() begins
  // Written by: the slot's worker.
  alignas(kCacheLine)
      std::atomic<std::uint64_t> sending_for;  // the connection that the values below are for
  transport::DownState down;
  std::atomic<Wanted> wanted;
  std::atomic<std::uint32_t> black_hole;  // datagrams of this size are lost; 0: none
  std::array<transport::StreamState, wire::kDownStreams> streams;
  // Microseconds since 1970: when the member was last seen away, or its connection began. Messages
  // from before are not late: they waited for the member.
  std::atomic<std::int64_t> timed_from;
  // Written by: both, by addition only: a counter is never used twice.
  alignas(kCacheLine) std::atomic<std::uint64_t> packet_counter;
};
static_assert(std::is_trivially_copyable_v<transport::DownState>);
// Sessions of these kinds have a native slot, a mailbox and an identity, and enter further rooms.
[[nodiscard]] constexpr bool has_mailbox(SessionKind kind) noexcept {
  return kind != SessionKind::text;
}
// As administrators and members read it.
[[nodiscard]] constexpr std::string_view name_of(SessionKind kind) noexcept {
  if (kind == SessionKind::text) return "text";
  return kind == SessionKind::web ? "web" : "native";
}
static_assert(offsetof(NativeSlot, sending_for) % kCacheLine == 0);

// The copy in force. For the gateway, its only writer.
[[nodiscard]] inline const NativePeer& peer_of(const NativeSlot& slot) noexcept {
  return slot.peer[slot.serial.load(std::memory_order_relaxed) % 2];
}

template <class Change>
void update_peer(NativeSlot& slot, Change change) noexcept {
  const std::uint64_t serial = slot.serial.load(std::memory_order_relaxed);
  NativePeer peer = slot.peer[serial % 2];
  change(peer);
  store_value(slot.peer[(serial + 1) % 2], peer);
  slot.serial.store(serial + 1, std::memory_order_release);
  // A reader that sees a part of the change after the next one also sees this serial.
  std::atomic_thread_fence(std::memory_order_release);
}

// For workers. nullopt: the peer changed during each of 8 reads; the caller reads it again
// later.
[[nodiscard]] inline std::optional<NativePeer> read_peer(const NativeSlot& slot) noexcept {
  for (int tries = 0; tries < 8; ++tries) {
    const std::uint64_t serial = slot.serial.load(std::memory_order_acquire);
    const NativePeer peer = load_value(slot.peer[serial % 2]);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.serial.load(std::memory_order_relaxed) == serial) return peer;
  }
  return std::nullopt;
}

// The worker has sent nothing to this connection yet.
[[nodiscard]] inline bool is_new_connection(const NativeSlot& slot,
                                            const NativePeer& peer) noexcept {
  return slot.sending_for.load(std::memory_order_relaxed) != peer.connection;
}

// The worker's state of sending to this connection; for a new connection, of which nothing is in
// flight, it begins the streams, too.
[[nodiscard]] inline transport::DownState load_sending(NativeSlot& slot,
                                                       const NativePeer& peer) noexcept {
  if (is_new_connection(slot, peer)) {
    slot.sending_for.store(0, std::memory_order_relaxed);
    slot.down = {.acked_bytes = peer.acked_bytes, .serial = peer.ack_serial};
    for (std::size_t i = 0; i < slot.streams.size(); ++i) slot.streams[i].begin(peer.acked[i]);
    slot.sending_for.store(peer.connection, std::memory_order_release);
  }
  return slot.down;
}

}  // namespace chatd::state
