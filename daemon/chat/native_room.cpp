// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_room.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/wire/name.hpp"
#include "common/wire/native_packet.hpp"
#include "common/wire/phrases.hpp"

namespace chatd::chat {

using state::count;
using state::SessionPhase;

namespace {

// Limits of one answer, and of one scan.
constexpr std::size_t kWhoBytes = 2000;
constexpr std::size_t kAtOnce = 256;

}  // namespace

NativeRoom::NativeRoom(Room& room, const state::StateView& state, const config::Config& config)
    : room_{room}, state_{state}, config_{config}, slots_{state.native_slots()} {}

// --- login -------------------------------------------------------------------------

state::Offset NativeRoom::start_for(const Arrival& arrival) const {
  const state::Offset tail = room_.log_.tail();
  const state::Offset oldest = room_.log_.oldest();
  if (arrival.epoch == state_.header().epoch && arrival.room_offset >= oldest &&
      arrival.room_offset <= tail) {
    return state::Offset{arrival.room_offset};
  }
  if (arrival.epoch == 0 && arrival.room_offset == kNoReplay) return tail;
  // Its offset was overwritten: the oldest record is the nearest one.
  if (arrival.epoch == state_.header().epoch) return oldest;
  return room_.replay_.start(oldest, tail);
}

void NativeRoom::begin(Slot slot, const Arrival& arrival, bool fresh) {
  state::NativeSlot& native = slots_[slot];
  native.room_start = start_for(arrival);
  native.live_offset = room_.log_.tail();
  native.away_since = 0;
  native.identity = arrival.identity;
  native.client = arrival.client;
  if (fresh) native.uplink = 0;
  const std::uint64_t mailbox = fresh ? native.mailbox.tail.load(std::memory_order_relaxed)
                                      : state::peer_of(native).acked[wire::kMailboxStream];
  state::update_peer(native, [&](state::NativePeer& peer) {
    peer = {.delivery = arrival.from,
            .connection = wire::connection_of(slot, arrival.random),
            .ack_serial = peer.ack_serial + 1,
            .acked = {mailbox, native.room_start},
            .window = {arrival.window, arrival.window},
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

std::optional<Slot> NativeRoom::find(std::string_view name, const state::Identity& identity) const {
  const auto known = room_.find_name(name);
  if (!known || !is_native(*known) || slots_[*known].identity != identity) return std::nullopt;
  return known;
}

bool NativeRoom::is_replaced(const Arrival& arrival) const {
  const auto known = find(arrival.name, arrival.identity);
  return known && arrival.epoch != 0 && slots_[*known].client != arrival.client;
}

Room::Login NativeRoom::enter(const Arrival& arrival, Now now) {
  const auto refused = [&](wire::Reason reason) {
    count(room_.counters_.logins_refused);
    return Room::Login{.status = Room::LoginStatus::refused, .reason = reason};
  };
  auto wanted = wire::check_name(arrival.name);
  if (!wanted) return refused(reason_of(wanted.error()));
  if (const auto known = room_.roster_.by_key(wanted->key)) {
    if (!is_native(*known) || slots_[*known].identity != arrival.identity) {
      return refused(wire::Reason::name_taken);
    }
    room_.heard(*known, now.mono);
    begin(*known, arrival, false);
    room_.roster_.move_native(*known, arrival.from.peer.address);
    return {.status = Room::LoginStatus::again, .slot = *known};
  }
  const auto slot = room_.take_slot(arrival.from.peer.address, state::SessionKind::native);
  if (!slot) return refused(slot.error());
  begin(*slot, arrival, true);
  room_.open(*slot, state::SessionKind::native, arrival.from, *wanted, now);
  return {.status = Room::LoginStatus::admitted, .slot = *slot};
}

// --- commands --------------------------------------------------------------------------

void NativeRoom::done(const Order& order) {
  state::crash_point();
  slots_[order.slot].uplink = order.end;
  state::crash_point();
}

void NativeRoom::refuse(const Order& order, wire::Reason reason) {
  // uchat has a sentence of its own for each code.
  refuse(order, reason, wire::phrase(wire::Language::en, reason));
}

void NativeRoom::refuse(const Order& order, wire::Reason reason, std::string_view why) {
  const bool told =
      state::Mailbox{state_, order.slot}.append({.kind = RecordKind::notice,
                                                 .sender = room_.sessions_.sender(order.slot),
                                                 .name = wire::code_of(reason),
                                                 .text = why,
                                                 .time = order.now.wall,
                                                 .uplink_offset = order.end});
  if (told) done(order);
}

// The text as members receive it; nullopt: it was refused.
std::optional<std::string_view> NativeRoom::judge(const Order& order, std::string_view text) {
  room_.heard(order.slot, order.now.mono);
  std::array<char, wire::kMaxPhraseBytes> words{};
  const auto clean = room_.clean(text);
  if (!clean) {
    switch (clean.error()) {
      case wire::TextFault::empty:
        refuse(order, wire::Reason::text_empty);
        return std::nullopt;
      case wire::TextFault::not_utf8:
        refuse(order, wire::Reason::text_not_utf8);
        return std::nullopt;
      case wire::TextFault::too_long: {
        const auto size = wire::render_too_long(wire::Language::en, text.size(),
                                                config_.limits.message_bytes, words);
        refuse(order, wire::Reason::text_too_long, {words.data(), size});
        return std::nullopt;
      }
    }
  }
  return *clean;
}

void NativeRoom::speak(const Order& order, RecordKind kind, std::string_view text) {
  const auto clean = judge(order, text);
  if (!clean) return;
  room_.append(kind, order.slot, *clean, order.now.wall, order.end);
  ++room_.sessions_.slot(order.slot).messages;
  count(room_.counters_.messages);
  done(order);
}

std::optional<Slot> NativeRoom::write_letter(const Order& order, std::string_view to,
                                             std::string_view text) {
  const auto clean = judge(order, text);
  if (!clean) return std::nullopt;
  const auto target = room_.find_name(to);
  if (!target) {
    refuse(order, wire::Reason::no_such_member);
    return std::nullopt;
  }
  if (!is_native(*target)) {
    refuse(order, wire::Reason::not_native);
    return std::nullopt;
  }
  const bool taken =
      state::Mailbox{state_, *target}.append({.kind = RecordKind::letter,
                                              .sender = room_.sessions_.sender(order.slot),
                                              .name = room_.name(order.slot),
                                              .text = *clean,
                                              .time = order.now.wall,
                                              .uplink_offset = order.end});
  if (!taken) {
    refuse(order, wire::Reason::mailbox_full);
    return std::nullopt;
  }
  count(room_.counters_.letters);
  done(order);
  return target;
}

void NativeRoom::list_members(const Order& order, std::uint32_t from) {
  std::array<char, kWhoBytes> text{};
  std::size_t used = 0;
  auto slot = room_.roster_.next_listed(from);
  for (; slot; slot = room_.roster_.next_listed(*slot + 1)) {
    const std::string_view name = room_.name(*slot);
    const bool away = is_native(*slot) && slots_[*slot].away_since != 0;
    const std::string_view mark = away ? "\taway" : "";
    if (used + 1 + name.size() + mark.size() > text.size()) break;
    if (used != 0) text[used++] = '\n';
    used += name.copy(text.data() + used, name.size());
    used += mark.copy(text.data() + used, mark.size());
  }
  const bool taken = state::Mailbox{state_, order.slot}.append(
      {.kind = RecordKind::who,
       .sender = state::Sender{.slot = slot.value_or(wire::kNobody),
                               .generation = generation(order.slot)},
       .name = {},
       .text = {text.data(), used},
       .time = order.now.wall,
       .uplink_offset = order.end});
  if (taken) done(order);
}

void NativeRoom::refuse_unknown(const Order& order) { refuse(order, wire::Reason::unknown_kind); }

// --- address and attachment
// -----------------------------------------------------------------------

void NativeRoom::attach(Slot slot) {
  slots_[slot].away_since = 0;
  state::update_peer(slots_[slot], [](state::NativePeer& peer) {
    peer.attached = 1;
    ++peer.ack_serial;  // its worker tries again
  });
}

void NativeRoom::detach(Slot slot, MonoTime now) {
  slots_[slot].away_since = now.time_since_epoch().count();
  state::update_peer(slots_[slot], [](state::NativePeer& peer) { peer.attached = 0; });
}

void NativeRoom::move(Slot slot, const state::Delivery& to) {
  room_.roster_.move_native(slot, to.peer.address);
  state::update_peer(slots_[slot], [&](state::NativePeer& peer) {
    // Another path has another round-trip time; a new port alone is likely the same path (RFC 9000,
    // 9.4).
    if (peer.delivery.peer.address != to.peer.address) peer.srtt_us = peer.rttvar_us = 0;
    peer.datagram_bytes = wire::kBaseDatagram;
    peer.delivery = to;
    ++peer.ack_serial;
  });
}

bool NativeRoom::is_native(Slot slot) const {
  if (slot >= room_.sessions_.capacity()) return false;
  const auto phase = room_.sessions_.phase(slot);
  return room_.sessions_.slot(slot).kind == state::SessionKind::native &&
         (phase == SessionPhase::joining || phase == SessionPhase::active);
}

bool NativeRoom::has_left(Slot slot) const {
  return room_.sessions_.slot(slot).kind == state::SessionKind::native && !is_native(slot);
}

bool NativeRoom::is_session(Slot slot, std::uint64_t wanted) const {
  return is_native(slot) && generation(slot) == wanted;
}

std::uint64_t NativeRoom::generation(Slot slot) const {
  return room_.sessions_.sender(slot).generation;
}

std::uint64_t NativeRoom::mailbox_tail(Slot slot) const {
  return slots_[slot].mailbox.tail.load(std::memory_order_relaxed);
}

std::vector<Slot> NativeRoom::silent_since(MonoTime deadline) const {
  std::vector<Slot> found;
  for (Slot slot = 0; slot < room_.sessions_.capacity() && found.size() < kAtOnce; ++slot) {
    if (!is_native(slot) || slots_[slot].away_since != 0) continue;
    if (room_.sessions_.slot(slot).last_heard < deadline.time_since_epoch().count()) {
      found.push_back(slot);
    }
  }
  return found;
}

std::vector<Slot> NativeRoom::away_since(MonoTime deadline) const {
  std::vector<Slot> found;
  for (Slot slot = 0; slot < room_.sessions_.capacity() && found.size() < kAtOnce; ++slot) {
    if (!is_native(slot) || slots_[slot].away_since == 0) continue;
    if (slots_[slot].away_since <= deadline.time_since_epoch().count()) found.push_back(slot);
  }
  return found;
}

}  // namespace chatd::chat
