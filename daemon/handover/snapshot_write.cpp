// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <atomic>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/wire/native/native_packet.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/handover/snapshot_format.hpp"
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

// Encodes the fields of a struct as those of an object.
class KeptWriter {
 public:
  explicit KeptWriter(json& to) noexcept : to_{to} {}

  template <class T>
  void operator()(const char* name, const T& field) {
    put(name, field);
  }

 private:
  template <class T>
  void put(const char* name, const T& field) {
    to_[name] = encoded(field);
  }
  template <class T>
  void put(const char* /*name*/, const NotKept<T>& /*field*/) {}
  template <class T>
  void put(const char* /*name*/, const Separate<T>& /*field*/) {}
  template <class T, class Value>
  void put(const char* name, const Since<T, Value>& since) {
    put(name, since.field);
  }
  template <class T>
  void put(const char* name, const StoredLast<T>& last) {
    put(name, last.field);
  }
  template <class T>
  void put(const char* /*name*/, const Flat<T>& flat) {
    visit_kept(*this, flat.field);
  }
  template <class Slot, class Serial, class Copies>
  void put(const char* /*name*/, const InForce<Slot, Serial, Copies>& copies) {
    const auto& value = in_force(copies.slot);
    visit_kept(*this, value);
  }
  template <class Array, class Count>
  void put(const char* name, const Text<Array, Count>& text) {
    to_[name] = std::string{text.characters.data(), text.count};
  }
  template <class T>
  void put(const char* name, const EvenAndOdd<T>& both) {
    to_[std::string{name} + "_even"] = binary(both.keys[0]);
    to_[std::string{name} + "_odd"] = binary(both.keys[1]);
  }

  static const NativePeer& in_force(const NativeSlot& slot) { return state::peer_of(slot); }
  static state::TxKey in_force(const state::KeySlot& keys) { return state::tx_key(keys); }

  template <class T>
  static json encoded(const T& field) {
    if constexpr (std::is_same_v<T, IpAddress>) {
      return binary(field.bytes);
    } else if constexpr (HasList<T>) {
      json object;
      KeptWriter writer{object};
      visit_kept(writer, field);
      return object;
    } else if constexpr (ByteArray<const T>) {
      return binary(field);
    } else {
      return field;
    }
  }
  template <class T>
  static json encoded(const std::atomic<T>& field) {
    return field.load(std::memory_order_relaxed);
  }
  static json encoded(const state::SessionKind& kind) { return kind == state::SessionKind::native; }
  static json encoded(const state::NamingHabit& habit) { return static_cast<int>(habit); }

  json& to_;
};

// The bytes of the mailbox that the member has not acknowledged.
json mailbox_of(const state::StateView& state, state::Slot slot, const NativePeer& peer) {
  const std::uint64_t from = peer.acked[wire::kMailboxStream];
  const std::uint64_t to = state.native_slots()[slot].mailbox.tail.load(std::memory_order_relaxed);
  std::vector<std::byte> bytes(to - std::min(from, to));
  state::Mailbox{state, slot}.read(from, bytes);
  return {{"from", from}, {"bytes", binary(bytes)}};
}

json native_of(const state::StateView& state, state::Slot slot, const state::KeyTable& keys) {
  const NativeSlot& native = state.native_slots()[slot];
  json written;
  KeptWriter writer{written};
  visit_kept(writer, native);
  written["mailbox"] = mailbox_of(state, slot, state::peer_of(native));
  KeptWriter keys_writer{written["keys"]};
  visit_kept(keys_writer, std::as_const(keys.slot(slot)));
  return written;
}

json session_of(const state::StateView& state, state::Slot slot, const state::KeyTable& keys) {
  const SessionSlot& session = state.slots()[slot];
  json written{{"slot", std::uint32_t{slot}}};
  KeptWriter writer{written};
  visit_kept(writer, session);
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
  for (state::Slot slot{}; slot < state.slots().size(); ++slot) {
    const SessionSlot& session = state.slots()[slot];
    if (!is_on_lists_only(session, tail)) continue;
    gone.push_back({{"slot", std::uint32_t{slot}},
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
  for (state::Slot slot{}; slot < state.slots().size(); ++slot) {
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
