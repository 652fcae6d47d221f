// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include <nlohmann/json.hpp>

#include "common/wire/native_packet.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_format.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/mailbox.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::NativePeer;
using state::NativeSlot;
using state::SessionPhase;
using state::SessionSlot;

namespace {

json delivery_of(const state::Delivery& delivery) {
  return {{"address", binary(delivery.peer.address.bytes)},
          {"scope", delivery.peer.address.scope},
          {"port", delivery.peer.port},
          {"local", binary(delivery.local.bytes)},
          {"socket", delivery.socket},
          {"newline", delivery.newline},
          {"unproved", delivery.unproved}};
}

json keys_of(const state::KeySlot& keys) {
  const state::TxKey tx = state::tx_key(keys);
  return {{"base", tx.base},
          {"epoch", tx.epoch},
          {"key", binary(tx.key)},
          {"since", keys.tx_since},
          {"rx_epoch", keys.rx_epoch},
          {"rx_even", binary(keys.rx[0])},
          {"rx_odd", binary(keys.rx[1])},
          {"replay_next", keys.replay.next},
          {"replay_seen", keys.replay.seen}};
}

// The bytes of the mailbox that the member has not acknowledged.
json mailbox_of(const state::StateView& state, std::uint32_t slot, const NativePeer& peer) {
  const std::uint64_t from = peer.acked[wire::kMailboxStream];
  const std::uint64_t to = state.native_slots()[slot].mailbox.tail.load(std::memory_order_relaxed);
  std::vector<std::byte> bytes(to - std::min(from, to));
  state::Mailbox{state, slot}.read(from, bytes);
  return {{"from", from}, {"bytes", binary(bytes)}};
}

json native_of(const state::StateView& state, std::uint32_t slot, const state::KeyTable& keys) {
  const NativeSlot& native = state.native_slots()[slot];
  const NativePeer& peer = state::peer_of(native);
  return {{"uplink", native.uplink},
          {"room_start", native.room_start},
          {"live_offset", native.live_offset},
          {"away_since", native.away_since},
          {"identity", binary(native.identity)},
          {"client", native.client},
          {"connection", peer.connection},
          {"acked", peer.acked},
          {"window", peer.window},
          {"srtt", peer.srtt_us},
          {"rttvar", peer.rttvar_us},
          {"clock_offset", peer.clock_offset},
          {"datagram", peer.datagram_bytes},
          {"attached", peer.attached},
          {"delivery", delivery_of(peer.delivery)},
          {"packet_counter", native.packet_counter.load(std::memory_order_relaxed)},
          {"mailbox", mailbox_of(state, slot, peer)},
          {"keys", keys_of(keys.slot(slot))}};
}

json session_of(const state::StateView& state, std::uint32_t slot, const state::KeyTable& keys) {
  const SessionSlot& session = state.slots()[slot];
  json written{{"slot", slot},
               {"generation", session.generation.load(std::memory_order_relaxed)},
               {"name", std::string{session.name.data(), session.name_bytes}},
               {"native", session.kind == state::SessionKind::native},
               {"habit", static_cast<int>(session.naming_habit)},
               {"delivery", delivery_of(session.delivery)},
               {"start_offset", session.start_offset},
               {"sent", session.sent.load(std::memory_order_relaxed)},
               {"sent_generation", session.sent_generation.load(std::memory_order_relaxed)},
               {"joined", session.joined_wall},
               {"last_heard", session.last_heard},
               {"rate_arrival", session.rate_arrival},
               {"messages", session.messages}};
  if (session.kind == state::SessionKind::native) {
    written["session"] = native_of(state, slot, keys);
  }
  return written;
}

// True if other members list a session that is not a member. It happens when a gateway was killed
// after it had appended a join record, or before it appended a leave record, and no other gateway
// started. The log's end shows whether the record was appended (daemon/chat/adoption).
bool is_on_lists_only(const SessionSlot& session, std::uint64_t log_tail) {
  const SessionPhase phase = session.phase.load(std::memory_order_relaxed);
  return (phase == SessionPhase::joining && log_tail != session.start_offset) ||
         (phase == SessionPhase::leaving && log_tail == session.leave_offset);
}

json gone_of(const state::StateView& state) {
  const std::uint64_t tail = state.ring_head().tail.load(std::memory_order_relaxed);
  json gone = json::array();
  for (std::uint32_t slot = 0; slot < state.slots().size(); ++slot) {
    const SessionSlot& session = state.slots()[slot];
    if (!is_on_lists_only(session, tail)) continue;
    gone.push_back({{"slot", slot},
                    {"generation", session.generation.load(std::memory_order_relaxed)},
                    {"name", std::string{session.name.data(), session.name_bytes}}});
  }
  return gone;
}

json log_of(const state::StateView& state) {
  const logs::LogHead& head = state.ring_head();
  const std::uint64_t from = head.oldest.load(std::memory_order_relaxed);
  const std::uint64_t to = head.tail.load(std::memory_order_relaxed);
  const std::uint64_t ring = state.geometry().ring_bytes;
  return {{"from", from},
          {"next_sequence", state.next_sequence().load(std::memory_order_relaxed)},
          {"bytes", binary(state.ring().subspan(from % ring, std::min(to - from, ring)))}};
}

}  // namespace

std::vector<std::uint8_t> write_snapshot(const state::StateView& state,
                                         const state::KeyTable& keys) {
  const state::Keeping& keeping = state.keeping();
  json sockets = json::array();
  for (std::size_t i = 0; i < keeping.sockets; ++i) {
    sockets.push_back(to_text(keeping.socket[i]));
  }
  json sessions = json::array();
  // Also of free slots: a pair of slot and generation never means two members.
  json generations = json::array();
  for (std::uint32_t slot = 0; slot < state.slots().size(); ++slot) {
    generations.push_back(state.slots()[slot].generation.load(std::memory_order_relaxed));
    if (state.slots()[slot].phase.load() != SessionPhase::active) continue;
    sessions.push_back(session_of(state, slot, keys));
    state::crash_point();
  }
  return json::to_cbor({{"format", kSnapshotFormat},
                        {"protocol", wire::kNativeVersion},
                        {"epoch", state.header().epoch},
                        {"sockets", std::move(sockets)},
                        {"log", log_of(state)},
                        {"generations", std::move(generations)},
                        {"sessions", std::move(sessions)},
                        {"gone", gone_of(state)}});
}

}  // namespace chatd::handover
