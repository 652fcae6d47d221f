// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/wire/native/native_packet.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/handover/kept_reader.hpp"
#include "daemon/handover/kept_tables.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_rules.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/room_log.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::NativePeer;
using state::NativeSlot;
using state::SessionSlot;

namespace {

void read_mailbox(const json& from, const state::StateView& state, state::Slot slot) {
  NativeSlot& native = state.native_slots()[slot];
  const std::uint64_t offset = from.at("from");
  const auto bytes = bytes_in(from.at("bytes"));
  const auto box = state.mailbox(slot);
  if (bytes.size() > box.size()) throw std::length_error{"a mailbox of the snapshot is too long"};
  for (std::size_t i = 0; i < bytes.size(); ++i) box[(offset + i) % box.size()] = bytes[i];
  native.mailbox.oldest = offset;
  native.mailbox.tail = offset + bytes.size();
}

// False: an offset lies behind its stream's end.
bool has_possible_offsets(const NativeSlot& native, const state::StateView& state) {
  const std::array tails{native.mailbox.tail.load(), state.ring_head().tail.load()};
  return std::ranges::equal(state::peer_of(native).acked, tails, std::ranges::less_equal{});
}

// The region that the sessions of a snapshot are restored into.
struct Successor {
  const state::StateView& state;
  const state::KeyTable& keys;
  RoomsReader& rooms;
};

void read_native(const json& from, const Successor& to, state::Slot slot) {
  NativeSlot& native = to.state.native_slots()[slot];
  read_kept(from, native);
  for (NativePeer& peer : native.peer) {
    peer.ack_serial = 1;
    peer.datagram_bytes =
        std::clamp<std::uint16_t>(peer.datagram_bytes, wire::kBaseDatagram, wire::kMaxDatagram);
  }
  state::crash_point();
  read_mailbox(from.at("mailbox"), to.state, slot);
  state::crash_point();
  if (!has_possible_offsets(native, to.state)) {
    throw std::out_of_range{"an offset of the snapshot lies behind its stream's end"};
  }
  read_kept(from.at("keys"), to.keys.slot(slot));
  to.keys.slot(slot).tx_serial = 1;
  to.rooms.read_subscriptions(from, slot);
}

void read_session(const json& from, const Successor& to) {
  const state::Slot slot{from.at("slot").get<std::uint32_t>()};
  SessionSlot& session = to.state.slots()[slot];
  read_kept(from, session);
  session.late_join = from.value("untold", false) ? state::LateJoin::untold : state::LateJoin::told;
  if (state::has_mailbox(session.kind)) read_native(from.at("session"), to, slot);
  state::crash_point();
  // The generation is set last, as in every login: from here on the slot holds a session.
  session.generation = from.at("generation").get<std::uint64_t>() | 1U;
  state::crash_point();
  session.phase = state::SessionPhase::active;
  state::crash_point();
  to.state.active()[slot / 64] |= 1ULL << (slot % 64);
  state::crash_point();
}

void read_generations(const json& from, const state::StateView& state) {
  const auto slots = state.slots();
  for (std::size_t slot = 0; slot < std::min(slots.size(), from.size()); ++slot) {
    slots[slot].generation = (from.at(slot).get<std::uint64_t>() + 1) & ~std::uint64_t{1};
  }
}

void read_sockets(const json& from, state::Keeping& keeping) {
  keeping.sockets = 0;
  for (const json& written : from) {
    const std::string text = written;
    // The unwritten part of a memory file is zeros; the sockets are the last member.
    if (text.contains('\0')) throw std::length_error{"the snapshot is cut off"};
    // The interface of an address can be missing now; the socket keeps its number.
    const auto endpoint = parse_endpoint(text);
    if (keeping.sockets < keeping.socket.size()) {
      keeping.socket[keeping.sockets++] = endpoint.value_or(Endpoint{});
    }
  }
}

// A snapshot of an older service has none: the secret that is there stays.
void read_reset_secret(const json& snapshot, state::ResetSecret& secret) {
  const auto written = snapshot.find("reset_secret");
  if (written == snapshot.end()) return;
  const auto bytes = bytes_in(*written);
  if (bytes.size() != secret.size()) throw std::length_error{"a secret has another length"};
  std::ranges::copy(bytes, secret.begin());
}

// Native sessions speak the version of the service that wrote the snapshot. A client of another
// version gets a RESET for its next packet, and a REFUSE for the HELLO that follows.
bool is_readable(const json& session, const json& snapshot) {
  constexpr std::uint64_t kWithoutNumber = 1;
  return session.at("native") == false ||
         snapshot.value("protocol", kWithoutNumber) == wire::kNativeVersion;
}

// Sessions of browsers are at the end of the table.
bool has_slot(const json& session, const state::Geometry& geometry) {
  const auto slot = session.at("slot").get<std::uint64_t>();
  const bool is_web = session.at("native") == kWebSession;
  return slot < geometry.sessions && is_web == (slot >= geometry.first_web_slot());
}

// Restores each session that has a slot and speaks the version of this service. A member of which
// one program is restored has not left.
void read_sessions(const json& snapshot, const Successor& to, WallTime now, Restored& restored) {
  const json gone = snapshot.value("gone", json::array());
  const json leaving = snapshot.value("leaving", json::array());
  RoomsReader::Programs programs;
  std::vector<const json*> left_out;
  for (const json& session : snapshot.at("sessions")) {
    const bool is_placed = has_slot(session, to.state.geometry());
    if (is_placed && is_readable(session, snapshot)) {
      read_session(session, to);
      programs.emplace(session.at("name"), session.at("slot").get<std::uint32_t>());
      ++restored.sessions;
      continue;
    }
    left_out.push_back(&session);
    ++(is_placed ? restored.other_protocol : restored.left_out);
  }
  for (const json& session : gone) left_out.push_back(&session);
  std::set<std::string> left;
  for (const json* const session : left_out) {
    const std::string name = session->at("name");
    const bool is_in = programs.contains(name);
    const bool is_untold = session->value("untold", false);
    if (!is_in && !is_untold && left.insert(name).second) {
      tell_leave(state::RoomLog{to.state}, to.state.room_head(), *session,
                 session->value("counted", 0) != 0, now);
    }
    to.rooms.leave_rooms(*session, programs);
  }
  for (const json& session : leaving) to.rooms.leave_rooms(session, programs);
}

}  // namespace

Result<Restored> read_snapshot(std::span<const std::uint8_t> bytes, const state::StateView& state,
                               const state::KeyTable& keys, WallTime now) {
  try {
    const json snapshot = json::from_cbor(bytes.begin(), bytes.end());
    if (snapshot.at("format") != kSnapshotFormat) return fail("the snapshot has another format");
    if (snapshot.value("has_end", false) && !snapshot.value(kSnapshotEnd, false)) {
      return fail("the snapshot cannot be read: its end is missing");
    }
    state.set_history_id(snapshot.at("epoch"));
    state::crash_point();
    read_reset_secret(snapshot, keys.reset_secret());
    state::crash_point();
    state.archive().lost_tail = snapshot.value("lost_tail", std::uint64_t{0});
    read_sockets(snapshot.at("sockets"), state.keeping());
    state::crash_point();
    read_log(snapshot.at("log"), state.room_log(), state.room_head());
    read_crowd(snapshot, state.room_head());
    state::crash_point();
    read_generations(snapshot.at("generations"), state);
    state::crash_point();
    RoomsReader rooms{snapshot, state, now};
    rooms.read_rooms();
    const RestoredRules rules = read_rules(snapshot, state, rooms);
    Restored restored{.rooms = rooms.restored(),
                      .rooms_left_out = rooms.left_out(),
                      .rules = rules.restored,
                      .rules_left_out = rules.left_out,
                      .rows = read_kept_tables(snapshot, state)};
    state.loaded().rows_left_out = static_cast<std::uint32_t>(restored.rows.left_out);
    read_sessions(snapshot, {.state = state, .keys = keys, .rooms = rooms}, now, restored);
    return restored;
  } catch (const std::exception& error) {
    return fail(std::string{"the snapshot cannot be read: "} + error.what());
  }
}

}  // namespace chatd::handover
