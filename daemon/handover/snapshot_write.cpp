// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/wire/native/native_packet.hpp"
#include "daemon/handover/kept_tables.hpp"
#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_rules.hpp"
#include "daemon/handover/snapshot_service.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/mailbox.hpp"
#include "daemon/state/session_table.hpp"

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

// A late join whose record or number is missing was not told.
bool is_late_join_told(const state::RoomHead& room, const SessionSlot& session) {
  const auto late = session.late_join.load(std::memory_order_relaxed);
  if (late != state::LateJoin::telling) return late == state::LateJoin::told;
  if (session.is_counted_join != 0) return counted(room.crowd) != session.counted_before_join;
  return room.log.tail.load(std::memory_order_relaxed) != session.late_join_offset;
}

// Of the programs of a member, all are told if one is; a killed gateway may have changed only some.
bool is_member_told(const state::StateView& state, state::Slot slot) {
  return any_program(state, slot, [&](state::Slot program) {
    return is_late_join_told(state.room_head(), state.slots()[program]);
  });
}

json session_of(const Predecessor& from, state::Slot slot) {
  const SessionSlot& session = from.state.slots()[slot];
  json written{{"slot", std::uint32_t{slot}}, {"untold", !is_member_told(from.state, slot)}};
  write_kept(written, session);
  if (state::has_mailbox(session.kind)) written["session"] = native_of(from, slot);
  return written;
}

// The object of a session that is not a member: its name, and the further rooms whose members list
// the session.
json gone_session_of(const Predecessor& from, state::Slot slot) {
  const SessionSlot& session = from.state.slots()[slot];
  const bool is_leaving = session.phase.load(std::memory_order_relaxed) == SessionPhase::leaving;
  json written{{"slot", std::uint32_t{slot}},
               {"generation", session.generation.load(std::memory_order_relaxed)},
               {"counted", is_leaving ? session.is_counted_leave : session.is_counted_join},
               {"name", std::string{session.name.data(), session.name_bytes}}};
  if (state::has_mailbox(session.kind)) {
    from.rooms.write_subscriptions(written["session"], slot);
  }
  return written;
}

// True: the default room has counted the join of the session, or its log has the record.
bool has_joined(const state::RoomHead& room, const SessionSlot& session) {
  const auto late = session.late_join.load(std::memory_order_relaxed);
  if (late != state::LateJoin::told) return is_late_join_told(room, session);
  if (session.is_quiet_join != 0) return true;
  if (session.is_counted_join != 0) return counted(room.crowd) != session.counted_before_join;
  return room.log.tail.load(std::memory_order_relaxed) != session.start_offset;
}

// The same for a leave that is not quiet.
bool has_told_leave(const state::RoomHead& room, const SessionSlot& session) {
  if (session.is_counted_leave != 0) return counted(room.crowd) != session.counted_before_leave;
  return room.log.tail.load(std::memory_order_relaxed) != session.leave_offset;
}

// The same for any leave: of a quiet one, the leave of the program of its member that left last. No
// member lists one whose join was not told.
bool has_left(const Predecessor& from, const SessionSlot& session) {
  const state::RoomHead& room = from.state.room_head();
  if (is_untold(session)) return true;
  if (session.is_quiet_leave == 0) return has_told_leave(room, session);
  const auto name_of = [](const SessionSlot& slot) {
    return std::string_view{slot.name.data(), slot.name_bytes};
  };
  return std::ranges::any_of(from.state.slots(), [&](const SessionSlot& other) {
    return other.phase.load(std::memory_order_relaxed) == SessionPhase::leaving &&
           other.is_quiet_leave == 0 && other.leave_offset >= session.leave_offset &&
           has_told_leave(room, other) && name_of(other) == name_of(session);
  });
}

// Adds the sessions that other members list although they are not members: a gateway was killed
// while they joined or left, and no other gateway started. "gone": sessions that members of the
// default room list, and programs of such members. "leaving": sessions whose leave record is in the
// log of the default room, or whose leave it has counted, so that only members of further rooms can
// list them. The end of that log, or the number of the counted ones, shows whether the step was
// done (daemon/chat/adoption).
void write_gone(json& snapshot, const Predecessor& from) {
  json& gone = snapshot["gone"] = json::array();
  json& leaving = snapshot["leaving"] = json::array();
  for (state::Slot slot{}; slot < from.state.slots().size(); ++slot) {
    const SessionSlot& session = from.state.slots()[slot];
    const SessionPhase phase = session.phase.load(std::memory_order_relaxed);
    if (phase == SessionPhase::joining && has_joined(from.state.room_head(), session)) {
      gone.push_back(gone_session_of(from, slot));
    } else if (phase == SessionPhase::leaving) {
      (has_left(from, session) ? leaving : gone).push_back(gone_session_of(from, slot));
    }
  }
}

// A stream buffer that counts the bytes and does not store them.
class CountingBuffer : public std::streambuf {
 public:
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::streamsize xsputn(const char* /*bytes*/, std::streamsize count) override {
    bytes_ += static_cast<std::size_t>(count);
    return count;
  }
  int_type overflow(int_type /*byte*/) override {
    ++bytes_;
    return 0;
  }
  std::size_t bytes_{0};
};

// Counts the size of the snapshot first: a vector that grows takes up to three times its size for a
// moment, and a snapshot has the logs of all rooms.
std::vector<std::uint8_t> to_cbor(const json& snapshot) {
  CountingBuffer counter;
  std::ostream counts{&counter};
  json::to_cbor(snapshot, counts);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(counter.bytes());
  json::to_cbor(snapshot, bytes);
  return bytes;
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
  const Predecessor from{.state = state, .keys = keys, .rooms = rooms};
  json sessions = json::array();
  // Also of free slots: a pair of slot and generation never means two members.
  json generations = json::array();
  for (state::Slot slot{}; slot < state.slots().size(); ++slot) {
    generations.push_back(state.slots()[slot].generation.load(std::memory_order_relaxed));
    if (state.slots()[slot].phase.load() != SessionPhase::active) continue;
    sessions.push_back(session_of(from, slot));
    state::crash_point();
  }
  json snapshot{{"format", kSnapshotFormat},
                {"protocol", wire::kNativeVersion},
                {"reset_secret", binary(keys.reset_secret())},
                {"epoch", state.header().epoch},
                {"lost_tail", state.archive().lost_tail.load(std::memory_order_relaxed)},
                {"sockets", std::move(sockets)},
                {"crowd", crowd_of(state.room_head())},
                {"log", log_of(state.room_log(), state.room_head())},
                {"generations", std::move(generations)},
                {"sessions", std::move(sessions)}};
  write_gone(snapshot, from);
  rooms.write_rooms(snapshot);
  write_rules(snapshot, state);
  write_kept_tables(snapshot, state);
  snapshot["has_end"] = true;
  snapshot[kSnapshotEnd] = true;
  return to_cbor(snapshot);
}

}  // namespace chatd::handover
