// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>

#include "common/wire/native_packet.hpp"
#include "common/wire/native_record.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_format.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/state/room_log.hpp"

namespace chatd::handover {

using nlohmann::json;
using state::NativePeer;
using state::NativeSlot;
using state::SessionSlot;
using transport::DownOffsets;

namespace {

state::Delivery read_delivery(const json& from) {
  state::Delivery delivery{};
  fill(delivery.peer.address.bytes, from.at("address"));
  delivery.peer.address.scope = from.value("scope", 0U);
  delivery.peer.port = from.at("port");
  fill(delivery.local.bytes, from.at("local"));
  delivery.socket = from.at("socket");
  delivery.newline = from.value("newline", std::uint8_t{0});
  delivery.unproved = from.value("unproved", std::uint8_t{0});
  return delivery;
}

void read_keys(const json& from, state::KeySlot& keys) {
  state::TxKey tx{.base = from.at("base"), .epoch = from.at("epoch"), .key = {}};
  fill(tx.key, from.at("key"));
  keys.tx = {tx, tx};
  keys.tx_serial = 1;
  keys.tx_since = from.at("since");
  keys.rx_epoch = from.at("rx_epoch");
  fill(keys.rx[0], from.at("rx_even"));
  fill(keys.rx[1], from.at("rx_odd"));
  keys.replay.next = from.at("replay_next");
  keys.replay.seen = from.at("replay_seen");
}

void read_mailbox(const json& from, const state::StateView& state, std::uint32_t slot) {
  NativeSlot& native = state.native_slots()[slot];
  const std::uint64_t offset = from.at("from");
  const auto bytes = bytes_in(from.at("bytes"));
  const auto box = state.mailbox(slot);
  if (bytes.size() > box.size()) throw std::length_error{"a mailbox of the snapshot is too long"};
  for (std::size_t i = 0; i < bytes.size(); ++i) box[(offset + i) % box.size()] = bytes[i];
  native.mailbox.oldest = offset;
  native.mailbox.tail = offset + bytes.size();
}

void read_native(const json& from, const state::StateView& state, std::uint32_t slot,
                 const state::KeyTable& keys) {
  NativeSlot& native = state.native_slots()[slot];
  native.uplink = from.at("uplink");
  native.room_start = from.at("room_start");
  native.live_offset = from.at("live_offset");
  native.away_since = from.at("away_since");
  fill(native.identity, from.at("identity"));
  native.client = from.value("client", std::uint64_t{0});
  native.packet_counter = from.at("packet_counter").get<std::uint64_t>();
  NativePeer peer{};
  peer.connection = from.at("connection");
  peer.ack_serial = 1;
  peer.acked = from.at("acked");
  peer.window = from.at("window");
  peer.srtt_us = from.value("srtt", 0U);
  peer.rttvar_us = from.value("rttvar", 0U);
  peer.clock_offset = from.value("clock_offset", 0U);
  peer.datagram_bytes = std::clamp<std::uint16_t>(from.value("datagram", std::uint16_t{0}),
                                                  wire::kBaseDatagram, wire::kMaxDatagram);
  peer.attached = from.value("attached", std::uint8_t{1});
  peer.delivery = read_delivery(from.at("delivery"));
  native.peer = {peer, peer};
  state::crash_point();
  read_mailbox(from.at("mailbox"), state, slot);
  state::crash_point();
  const DownOffsets tails{native.mailbox.tail.load(), state.ring_head().tail.load()};
  for (std::size_t stream = 0; stream < tails.size(); ++stream) {
    if (peer.acked[stream] > tails[stream]) {
      throw std::out_of_range{"an offset of the snapshot lies behind its stream's end"};
    }
  }
  read_keys(from.at("keys"), keys.slot(slot));
}

void read_session(const json& from, const state::StateView& state, const state::KeyTable& keys) {
  const std::uint32_t slot = from.at("slot");
  SessionSlot& session = state.slots()[slot];
  const std::string name = from.at("name");
  if (name.empty() || name.size() > session.name.size()) {
    throw std::length_error{"a name of the snapshot has a wrong size"};
  }
  session.name_bytes = static_cast<std::uint8_t>(name.size());
  std::ranges::copy(name, session.name.begin());
  session.kind =
      from.at("native").get<bool>() ? state::SessionKind::native : state::SessionKind::text;
  session.naming_habit = static_cast<state::NamingHabit>(std::clamp(from.value("habit", 0), 0, 2));
  session.delivery = read_delivery(from.at("delivery"));
  session.start_offset = from.at("start_offset");
  session.sent = from.at("sent").get<std::uint64_t>();
  session.sent_generation = from.at("sent_generation").get<std::uint64_t>();
  session.joined_wall = from.at("joined");
  session.last_heard = from.at("last_heard");
  session.rate_arrival = from.value("rate_arrival", std::int64_t{0});
  session.messages = from.value("messages", std::uint64_t{0});
  if (session.kind == state::SessionKind::native) {
    read_native(from.at("session"), state, slot, keys);
  }
  state::crash_point();
  // The generation is set last, as in every login: from here on the slot holds a session.
  session.generation = from.at("generation").get<std::uint64_t>() | 1U;
  state::crash_point();
  session.phase = state::SessionPhase::active;
  state::crash_point();
  state.active()[slot / 64] |= 1ULL << (slot % 64);
  state::crash_point();
}

// Restores the end of the log, as much as the ring holds, from the start of a record on. All of it
// must be valid records: the readers of the log rely on that.
void read_log(const json& from, const state::StateView& state) {
  logs::LogHead& head = state.ring_head();
  const auto bytes = bytes_in(from.at("bytes"));
  const std::uint64_t begin = from.at("from");
  const std::uint64_t ring = state.geometry().ring_bytes;
  std::uint64_t skip = 0;
  for (std::uint64_t at = 0; at < bytes.size();) {
    const auto record = wire::read_record(bytes.subspan(at));
    if (!record || begin % 8 != 0) throw std::length_error{"the log of the snapshot is no log"};
    at += record->header.size;
    if (bytes.size() - skip > ring) skip = at;
  }
  for (std::uint64_t i = skip; i < bytes.size(); ++i) {
    state.ring()[(begin + i) % ring] = bytes[i];
  }
  state::crash_point();
  head.oldest = begin + skip;
  state::crash_point();
  head.tail = begin + bytes.size();
  state::crash_point();
  state.next_sequence() = from.at("next_sequence").get<std::uint64_t>();
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

// Native sessions speak the version of the service that wrote the snapshot. A client of another
// version gets a RESET for its next packet, and a REFUSE for the HELLO that follows.
bool is_readable(const json& session, const json& snapshot) {
  constexpr std::uint64_t kWithoutNumber = 1;
  return !session.at("native").get<bool>() ||
         snapshot.value("protocol", kWithoutNumber) == wire::kNativeVersion;
}

// Leaves out a member without a slot, with an incomplete session or of another protocol version. A
// leave record notifies the others, which would otherwise list the member for ever.
void leave_out(const json& session, const state::StateView& state, WallTime now) {
  const std::string name = session.at("name");
  state::RoomLog{state}.append(
      {.kind = wire::RecordKind::leave,
       .sender = state::Sender{.slot = session.at("slot"), .generation = session.at("generation")},
       .name = name,
       .text = {},
       .time = now});
}

}  // namespace

Result<Restored> read_snapshot(std::span<const std::uint8_t> bytes, const state::StateView& state,
                               const state::KeyTable& keys, WallTime now) {
  try {
    const json snapshot = json::from_cbor(bytes.begin(), bytes.end());
    if (snapshot.at("format") != kSnapshotFormat) return fail("the snapshot has another format");
    Restored restored;
    state.set_epoch(snapshot.at("epoch"));
    state::crash_point();
    read_sockets(snapshot.at("sockets"), state.keeping());
    state::crash_point();
    read_log(snapshot.at("log"), state);
    state::crash_point();
    read_generations(snapshot.at("generations"), state);
    state::crash_point();
    for (const json& session : snapshot.at("sessions")) {
      const bool has_slot = session.at("slot").get<std::uint64_t>() < state.slots().size();
      if (!has_slot || !is_readable(session, snapshot)) {
        leave_out(session, state, now);
        ++(has_slot ? restored.other_protocol : restored.left_out);
        continue;
      }
      read_session(session, state, keys);
      ++restored.members;
    }
    for (const json& session : snapshot.value("gone", json::array())) {
      leave_out(session, state, now);
    }
    return restored;
  } catch (const std::exception& error) {
    return fail(std::string{"the snapshot cannot be read: "} + error.what());
  }
}

}  // namespace chatd::handover
