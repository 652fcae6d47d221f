// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/wire/native/native_packet.hpp"
#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_service.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/mailbox.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::NativePeer;
using state::NativeSlot;
using state::SessionPhase;
using state::SessionSlot;

namespace {

// The bytes of the mailbox that the member has not acknowledged.
json mailbox_of(const state::StateView& state, state::Slot slot, const NativePeer& peer) {
  const std::uint64_t from = peer.acked[wire::kMailboxStream];
  const std::uint64_t to = state.native_slots()[slot].mailbox.tail.load(std::memory_order_relaxed);
  std::vector<std::byte> bytes(to - std::min(from, to));
  state::Mailbox{state, slot}.read(from, bytes);
  return {{"from", from}, {"bytes", binary(bytes)}};
}

// The region whose sessions are written.
struct Predecessor {
  const state::StateView& state;
  const state::KeyTable& keys;
  RoomsWriter& rooms;
};

json native_of(const Predecessor& from, state::Slot slot) {
  const NativeSlot& native = from.state.native_slots()[slot];
  json written;
  write_kept(written, native);
  written["mailbox"] = mailbox_of(from.state, slot, state::peer_of(native));
  write_kept(written["keys"], from.keys.slot(slot));
  from.rooms.write_subscriptions(written, slot);
  return written;
}

json session_of(const Predecessor& from, state::Slot slot) {
  const SessionSlot& session = from.state.slots()[slot];
  json written{{"slot", std::uint32_t{slot}}};
  write_kept(written, session);
  if (session.kind == state::SessionKind::native) written["session"] = native_of(from, slot);
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
  for (state::Slot slot{}; slot < state.slots().size(); ++slot) {
    const SessionSlot& session = state.slots()[slot];
    if (!is_on_lists_only(session, tail)) continue;
    gone.push_back({{"slot", std::uint32_t{slot}},
                    {"generation", session.generation.load(std::memory_order_relaxed)},
                    {"name", std::string{session.name.data(), session.name_bytes}}});
  }
  return gone;
}

}  // namespace

std::vector<std::uint8_t> write_snapshot(const state::StateView& state,
                                         const state::KeyTable& keys) {
  const state::Keeping& keeping = state.keeping();
  json sockets = json::array();
  for (std::size_t i = 0; i < keeping.sockets; ++i) {
    sockets.push_back(to_text(keeping.socket[i]));
  }
  RoomsWriter rooms{state};
  json sessions = json::array();
  // Also of free slots: a pair of slot and generation never means two members.
  json generations = json::array();
  for (state::Slot slot{}; slot < state.slots().size(); ++slot) {
    generations.push_back(state.slots()[slot].generation.load(std::memory_order_relaxed));
    if (state.slots()[slot].phase.load() != SessionPhase::active) continue;
    sessions.push_back(session_of({.state = state, .keys = keys, .rooms = rooms}, slot));
    state::crash_point();
  }
  json snapshot{{"format", kSnapshotFormat},
                {"protocol", wire::kNativeVersion},
                {"epoch", state.header().epoch},
                {"sockets", std::move(sockets)},
                {"log", log_of(state.room_log(), state.next_sequence())},
                {"generations", std::move(generations)},
                {"sessions", std::move(sessions)},
                {"gone", gone_of(state)}};
  rooms.write_rooms(snapshot);
  return json::to_cbor(snapshot);
}

}  // namespace chatd::handover
