// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_fields.hpp — the lists of the fields that a snapshot keeps: one for each struct of the
// shared memory, with the names in the snapshot.
//
// Runs in:   supervisor. Pure; snapshot_write.cpp has the encoder, snapshot_read.cpp the decoder.
// Invariant: a list names each member of its struct once, also those that are not kept: a member
//            that is added to the struct and forgotten here does not compile.
#pragma once

#include <cstdint>

#include "common/base/address.hpp"
#include "common/base/fields.hpp"
#include "daemon/handover/snapshot_away_fields.hpp"
#include "daemon/handover/snapshot_wrappers.hpp"
#include "daemon/state/key_slot.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::handover {

template <>
struct KeptFields<IpAddress> {
  static constexpr void fields(auto& v, auto& address) {
    v("address", address.bytes);
    v("scope", Since{address.scope, 0U});
  }
};
template <>
struct KeptFields<Endpoint> {
  static constexpr void fields(auto& v, auto& endpoint) {
    v("address", Flat{endpoint.address});
    v("port", endpoint.port);
  }
};
template <>
struct KeptFields<state::Delivery> {
  static constexpr void fields(auto& v, auto& delivery) {
    v("peer", Flat{delivery.peer});
    v("local", delivery.local);
    v("socket", delivery.socket);
    v("newline", Since{delivery.newline, std::uint8_t{0}});
    v("unproved", Since{delivery.unproved, std::uint8_t{0}});
  }
};
template <>
struct KeptFields<state::SessionSlot> {
  static constexpr void fields(auto& v, auto& session) {
    v("name", Text{session.name, session.name_bytes});
    v("native", session.kind);
    v("habit", Since{session.naming_habit, state::NamingHabit::unknown});
    v("delivery", session.delivery);
    v("start_offset", session.start_offset);
    v("leave_offset", NotKept{session.leave_offset});
    v("leave_kind", NotKept{session.leave_kind});
    v("is_quiet_join", NotKept{session.is_quiet_join});
    v("is_quiet_leave", NotKept{session.is_quiet_leave});
    v("counted", Since{session.is_counted_join, std::uint8_t{0}});
    v("is_counted_leave", NotKept{session.is_counted_leave});
    v("counted_before_join", NotKept{session.counted_before_join});
    v("counted_before_leave", NotKept{session.counted_before_leave});
    v("untold", Separate{session.late_join});
    v("late_join_offset", NotKept{session.late_join_offset});
    v("brief_since", Since{session.brief_since, std::int64_t{0}});
    v("sent", session.sent);
    v("sent_generation", session.sent_generation);
    v("joined", session.joined_wall);
    v("last_heard", session.last_heard);
    v("rate_arrival", Since{session.rate_arrival, std::int64_t{0}});
    v("notice_not_before", NotKept{session.notice_not_before});
    v("messages", Since{session.messages, std::uint64_t{0}});
    v("person", NotKept{session.person});  // Sessions::adopt() calculates it
    v("generation", StoredLast{session.generation});
    v("phase", NotKept{session.phase});  // `active`
  }
};
template <>
struct KeptFields<state::NativePeer> {
  static constexpr void fields(auto& v, auto& peer) {
    v("delivery", peer.delivery);
    v("connection", peer.connection);
    v("ack_serial", NotKept{peer.ack_serial});
    v("acked_bytes", NotKept{peer.acked_bytes});
    v("acked", peer.acked);
    v("window", peer.window);
    v("srtt", Since{peer.srtt_us, 0U});
    v("rttvar", Since{peer.rttvar_us, 0U});
    v("clock_offset", Since{peer.clock_offset, 0U});
    v("datagram", Since{peer.datagram_bytes, std::uint16_t{0}});
    v("attached", Since{peer.attached, std::uint8_t{1}});
    v("holes", NotKept{peer.holes});  // these bytes are sent again
    v("hole", NotKept{peer.hole});
  }
};
template <>
struct KeptFields<state::NativeSlot> {
  static constexpr void fields(auto& v, auto& native) {
    v("peer", InForce{native, native.serial, native.peer});
    v("uplink", native.uplink);
    v("wants_saved", Since{native.wants_saved, std::uint64_t{0}});
    v("not_kept_to", Since{native.not_kept_to, std::uint64_t{0}});
    v("reads_direct", Since{native.reads_direct, std::uint64_t{0}});
    v("plain", Since{native.is_plain, std::uint64_t{0}});
    v("room_start", native.room_start);
    v("live_offset", native.live_offset);
    v("away_since", native.away_since);
    v("client", Since{native.client, std::uint64_t{0}});
    v("client_since", Since{native.client_since, std::int64_t{0}});
    v("identity", native.identity);
    v("away", Flat{native.away});
    v("rooms", Separate{native.subscriptions});
    v("next_subscription", Since{native.next_subscription, 0U});
    v("packet_counter", native.packet_counter);
    v("mailbox", Separate{native.mailbox});
    // Without these the worker sends again what is not acknowledged.
    v("sending_for", NotKept{native.sending_for});
    v("down", NotKept{native.down});
    v("wanted", NotKept{native.wanted});
    v("black_hole", NotKept{native.black_hole});
    v("streams", NotKept{native.streams});
    v("timed_from", NotKept{native.timed_from});
  }
};
template <>
struct KeptFields<transport::ReplayWindow> {
  static constexpr void fields(auto& v, auto& replay) {
    v("replay_next", replay.next);
    v("replay_seen", replay.seen);
  }
};
template <>
struct KeptFields<state::TxKey> {
  static constexpr void fields(auto& v, auto& tx) {
    v("base", tx.base);
    v("epoch", tx.epoch);  // the key phase
    v("key", tx.key);
  }
};
template <>
struct KeptFields<state::KeySlot> {
  static constexpr void fields(auto& v, auto& keys) {
    v("tx", InForce{keys, keys.tx_serial, keys.tx});
    v("since", keys.tx_since);
    v("rx_epoch", keys.rx_key_phase);
    v("rx", EvenAndOdd{keys.rx});
    v("replay", Flat{keys.replay});
  }
};

}  // namespace chatd::handover
