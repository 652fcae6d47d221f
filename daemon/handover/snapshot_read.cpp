// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

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

namespace {

// Decodes the fields of a struct from those of an object. Throws, as the library does, if a field
// is missing or has another type or size.
class KeptReader {
 public:
  explicit KeptReader(const json& from) noexcept : from_{from} {}

  template <class T>
  void operator()(const char* name, T& field) {
    decode(from_.at(name), field);
  }
  template <class T>
  void operator()(const char* name, const T& wrapper) {
    get(name, wrapper);
  }

 private:
  template <class T>
  void get(const char* /*name*/, const NotKept<T>& /*field*/) {}
  template <class T>
  void get(const char* /*name*/, const Separate<T>& /*field*/) {}
  template <class T>
  void get(const char* /*name*/, const StoredLast<T>& /*field*/) {}
  template <class T, class Value>
  void get(const char* name, const Since<T, Value>& since) {
    if (from_.contains(name)) return decode(from_.at(name), since.field);
    since.field = since.before;
  }
  template <class T>
  void get(const char* /*name*/, const Flat<T>& flat) {
    visit_kept(*this, flat.field);
  }
  template <class Slot, class Serial, class Copies>
  void get(const char* /*name*/, const InForce<Slot, Serial, Copies>& both) {
    typename Copies::value_type value{};
    visit_kept(*this, value);
    both.copies.fill(value);
  }
  template <class Array, class Count>
  void get(const char* name, const Text<Array, Count>& text) {
    const std::string characters = from_.at(name);
    if (characters.empty() || characters.size() > text.characters.size()) {
      throw std::length_error{"a name of the snapshot has a wrong size"};
    }
    text.count = static_cast<Count>(characters.size());
    std::ranges::copy(characters, text.characters.begin());
  }
  template <class T>
  void get(const char* name, const EvenAndOdd<T>& both) {
    decode(from_.at(std::string{name} + "_even"), both.keys[0]);
    decode(from_.at(std::string{name} + "_odd"), both.keys[1]);
  }

  template <class T>
  static void decode(const json& from, T& field) {
    if constexpr (std::is_same_v<T, IpAddress>) {
      decode(from, field.bytes);
    } else if constexpr (HasList<T>) {
      field = {};
      KeptReader reader{from};
      visit_kept(reader, field);
    } else if constexpr (ByteArray<T>) {
      fill(std::as_writable_bytes(std::span{field}), bytes_in(from));
    } else {
      from.get_to(field);
    }
  }
  template <class T>
  static void decode(const json& from, std::atomic<T>& field) {
    field = from.get<T>();
  }
  static void decode(const json& from, state::SessionKind& kind) {
    kind = from.get<bool>() ? state::SessionKind::native : state::SessionKind::text;
  }
  static void decode(const json& from, state::NamingHabit& habit) {
    habit = static_cast<state::NamingHabit>(std::clamp(from.get<int>(), 0, 2));
  }
  static void fill(std::span<std::byte> to, std::span<const std::byte> from) {
    if (from.size() != to.size()) {
      throw std::length_error{"a field of the snapshot has a wrong size"};
    }
    std::ranges::copy(from, to.begin());
  }

  const json& from_;
};

template <class T>
void read_kept(const json& from, T& value) {
  KeptReader reader{from};
  visit_kept(reader, value);
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

// False: an offset lies behind its stream's end.
bool has_possible_offsets(const NativeSlot& native, const state::StateView& state) {
  const std::array tails{native.mailbox.tail.load(), state.ring_head().tail.load()};
  return std::ranges::equal(state::peer_of(native).acked, tails, std::ranges::less_equal{});
}

void read_native(const json& from, const state::StateView& state, std::uint32_t slot,
                 const state::KeyTable& keys) {
  NativeSlot& native = state.native_slots()[slot];
  read_kept(from, native);
  for (NativePeer& peer : native.peer) {
    peer.ack_serial = 1;
    peer.datagram_bytes =
        std::clamp<std::uint16_t>(peer.datagram_bytes, wire::kBaseDatagram, wire::kMaxDatagram);
  }
  state::crash_point();
  read_mailbox(from.at("mailbox"), state, slot);
  state::crash_point();
  if (!has_possible_offsets(native, state)) {
    throw std::out_of_range{"an offset of the snapshot lies behind its stream's end"};
  }
  read_kept(from.at("keys"), keys.slot(slot));
  keys.slot(slot).tx_serial = 1;
}

void read_session(const json& from, const state::StateView& state, const state::KeyTable& keys) {
  const std::uint32_t slot = from.at("slot");
  SessionSlot& session = state.slots()[slot];
  read_kept(from, session);
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
    state.set_history_id(snapshot.at("epoch"));
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
