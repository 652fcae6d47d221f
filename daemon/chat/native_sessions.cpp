// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_sessions.hpp"

#include "common/wire/native/native_packet.hpp"

namespace chatd::chat {

void NativeSessions::begin(Slot slot, const Begin& begin) {
  state::NativeSlot& native = slots_[slot];
  native.room_start = begin.room_start;
  native.live_offset = begin.live_offset;
  native.away_since = 0;
  native.identity = begin.client.identity;
  if (begin.is_new || native.client != begin.client.client) {
    native.client_since = begin.now.time_since_epoch().count();
  }
  native.client = begin.client.client;
  // Of commands before the wish nobody has noted whether they have a history.
  if (native.wants_saved == 0) native.not_kept_to = native.uplink;
  native.wants_saved = begin.client.wants_saved ? 1 : 0;
  native.reads_direct = begin.client.reads_direct ? 1 : 0;
  native.is_plain = begin.client.is_plain ? 1 : 0;
  if (begin.is_new) {
    native.uplink = 0;
    native.not_kept_to = 0;
    native.away.decision = 0;
    const bool is_alone = !begin.other;
    say_away(native.away, is_alone ? state::SaidAway{} : said_away(slots_[*begin.other].away));
  }
  const std::uint64_t mailbox = begin.is_new ? native.mailbox.tail.load(std::memory_order_relaxed)
                                             : state::peer_of(native).acked[wire::kMailboxStream];
  state::update_peer(native, [&](state::NativePeer& peer) {
    peer = {.delivery = begin.from,
            .connection = wire::connection_of(slot, begin.client.random),
            .ack_serial = peer.ack_serial + 1,
            .acked_bytes = 0,
            .acked = {mailbox, native.room_start},
            .window = {begin.client.window, begin.is_brief ? 0 : begin.client.window},
            .srtt_us = 0,
            .rttvar_us = 0,
            .clock_offset = 0,
            .datagram_bytes = wire::kBaseDatagram,
            .attached = 1,
            .holes = 0,
            .hole = {}};
  });
  state::crash_point();
}

void NativeSessions::open_room(Slot slot) {
  state::update_peer(slots_[slot], [](state::NativePeer& peer) {
    peer.window[wire::kRoomStream] = kFirstWindow;
    ++peer.ack_serial;
  });
  state::crash_point();
}

void NativeSessions::attach(Slot slot) {
  slots_[slot].away_since = 0;
  state::update_peer(slots_[slot], [](state::NativePeer& peer) {
    peer.attached = 1;
    ++peer.ack_serial;
  });
}

void NativeSessions::detach(Slot slot, MonoTime now) {
  slots_[slot].away_since = now.time_since_epoch().count();
  state::update_peer(slots_[slot], [](state::NativePeer& peer) { peer.attached = 0; });
}

void NativeSessions::move(Slot slot, const state::Delivery& to) {
  state::update_peer(slots_[slot], [&](state::NativePeer& peer) {
    // Another path has another round-trip time; a new port alone is likely the same path (RFC 9000,
    // 9.4).
    if (peer.delivery.peer.address != to.peer.address) peer.srtt_us = peer.rttvar_us = 0;
    peer.datagram_bytes = wire::kBaseDatagram;
    peer.delivery = to;
    ++peer.ack_serial;
  });
}

}  // namespace chatd::chat
