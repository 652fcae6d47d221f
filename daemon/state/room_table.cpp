// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_table.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "daemon/state/bitmap.hpp"

namespace chatd::state {

namespace {

void set_telling(Subscription& one, std::uint8_t& is_counted, const Telling& telling) noexcept {
  one.is_quiet = telling.is_quiet ? 1 : 0;
  is_counted = telling.is_counted ? 1 : 0;
  one.counted_before = telling.counted_before;
}

void write_name(RoomSlot& row, std::string_view name) noexcept {
  const std::uint8_t serial = row.name_serial.load(std::memory_order_relaxed);
  const std::size_t next = (serial + 1U) % row.names.size();
  row.name_bytes.at(next) =
      static_cast<std::uint8_t>(name.copy(row.names.at(next).data(), row.names.at(next).size()));
  crash_point();
  row.name_serial.store(static_cast<std::uint8_t>(serial + 1U), std::memory_order_release);
  crash_point();
}

}  // namespace

Telling telling_of(const Subscription& one) noexcept {
  const SubscriptionPhase phase = one.phase.load(std::memory_order_relaxed);
  const bool is_leave = phase == SubscriptionPhase::leaving || phase == SubscriptionPhase::removing;
  return {.is_quiet = one.is_quiet != 0,
          .is_late = is_leave ? one.is_late_leave != 0 : is_untold(one),
          .is_counted = (is_leave ? one.is_counted_leave : one.is_counted_join) != 0,
          .counted_before = one.counted_before};
}

std::string_view RoomTable::name(RoomIndex room) const noexcept { return name_of(slot(room)); }

void RoomTable::rename(RoomIndex room, std::string_view name) noexcept {
  RoomSlot& row = slot(room);
  const RowChange change{state_.registry_head(), row.version};
  write_name(row, name);
}

void RoomTable::keep(RoomIndex room) noexcept {
  const RowChange change{state_.registry_head(), slot(room).version};
  slot(room).is_kept = 1;
  crash_point();
}

// The properties of a free row are cleared before they are used, and may never have had memory.
void RoomTable::adopt() noexcept {
  RegistryHead& head = state_.registry_head();
  adopt_row(head, state_.properties(std::nullopt).version);
  for (std::uint32_t row = 0; row < capacity(); ++row) {
    const RoomIndex room{row};
    adopt_row(head, slot(room).version);
    if (phase(room) != RoomPhase::free) adopt_row(head, state_.properties(room).version);
  }
}

void RoomTable::set_phase(RoomIndex room, RoomPhase phase) noexcept {
  const RowChange change{state_.registry_head(), slot(room).version};
  slot(room).phase.store(phase, std::memory_order_release);
  crash_point();
}

void RoomTable::make(RoomIndex room, const Making& making) noexcept {
  RoomSlot& row = slot(room);
  // A worker that reads what follows also sees that the subscriptions to the room before have
  // ended.
  std::atomic_thread_fence(std::memory_order_release);
  const Offset first = first_offset(making.id);
  row.head.log.tail.store(first, std::memory_order_relaxed);
  row.head.log.oldest.store(first, std::memory_order_relaxed);
  row.head.next_sequence.store(0, std::memory_order_relaxed);
  row.head.begin_offset = 0;
  row.head.begin_sequence = 0;
  clear(row.head.crowd);
  {
    RoomProperties& properties = state_.properties(room);
    const RowChange cleared{state_.registry_head(), properties.version};
    clear(properties);
  }
  const RowChange change{state_.registry_head(), row.version};
  row.born = state_.header().epoch;
  row.made_wall = making.now.time_since_epoch().count();
  row.empty_since = 0;
  row.is_kept = making.is_kept ? 1 : 0;
  row.has_lines = 0;
  const auto maker = making.maker.value_or(Making::Maker{});
  row.maker_slot = maker.session.slot;
  row.maker_generation = maker.session.generation;
  row.maker_end = maker.end;
  row.maker = maker.identity;
  row.maker_network = maker.network;
  write_name(row, making.name);
  row.id.store(static_cast<std::uint32_t>(making.id), std::memory_order_relaxed);
  crash_point();
  row.phase.store(RoomPhase::making, std::memory_order_release);
  crash_point();
}

void RoomTable::settle(RoomIndex room) noexcept { set_phase(room, RoomPhase::made); }

void RoomTable::begin_drop(RoomIndex room) noexcept { set_phase(room, RoomPhase::dropping); }

void RoomTable::drop(RoomIndex room) noexcept {
  set_phase(room, RoomPhase::free);
  // A worker that still reads the log finds its bytes overwritten. Otherwise the worker would send
  // the zeros of the memory that is given back.
  logs::LogHead& log = slot(room).head.log;
  log.oldest.store(log.tail.load(std::memory_order_relaxed), std::memory_order_release);
  crash_point();
  const auto ring = state_.room_ring(room);
  // Without it the pages stay until the row is used again: more memory, and nothing else.
  (void)::madvise(ring.data(), ring.size(), MADV_REMOVE);
}

std::uint32_t RoomTable::in_use(Slot session) const noexcept {
  if (slots_.empty()) return 0;
  return state_.native_slots()[session].subscriptions.load(std::memory_order_relaxed) & kAll;
}

std::optional<RoomPlace> RoomTable::place_of(Slot session, std::size_t at) const noexcept {
  const std::uint64_t word = subscription(session, at).room.load(std::memory_order_relaxed);
  const RoomPlace room = room_place(word);
  if (word == 0 || static_cast<std::uint32_t>(room.index) >= capacity()) return std::nullopt;
  if (place(room.index) != room || phase(room.index) == RoomPhase::free) return std::nullopt;
  return room;
}

// Ends at the first match: each subscription that is read costs a cache line.
std::optional<std::size_t> RoomTable::find(Slot session, RoomId room) const noexcept {
  for (std::uint32_t bits = in_use(session); bits != 0; bits &= bits - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(bits));
    const std::uint64_t word = subscription(session, at).room.load(std::memory_order_relaxed);
    if (room_place(word).id == room && place_of(session, at)) return at;
  }
  return std::nullopt;
}

bool RoomTable::is_member(Slot session, RoomId room) const noexcept {
  const auto at = find(session, room);
  return at && subscription(session, *at).phase.load(std::memory_order_relaxed) ==
                   SubscriptionPhase::member;
}

bool RoomTable::is_in_use(Slot session, std::size_t at) const noexcept {
  return at < kSubscriptions && (in_use(session) >> at & 1U) != 0;
}

std::optional<std::size_t> RoomTable::find_free(Slot session) const noexcept {
  const std::uint32_t free = kAll & ~in_use(session);
  if (slots_.empty() || free == 0) return std::nullopt;
  const std::uint32_t from = state_.native_slots()[session].next_subscription % kSubscriptions;
  const std::uint32_t behind = free >> from << from;
  return static_cast<std::size_t>(std::countr_zero(behind != 0 ? behind : free));
}

Offset RoomTable::sent_before(Slot session, std::size_t at, RoomPlace room) const noexcept {
  Subscription& one = subscription(session, at);
  if (one.sending_for.load(std::memory_order_acquire) != to_word(room)) return Offset{};
  const std::uint64_t connection = std::atomic_ref{one.connection}.load(std::memory_order_relaxed);
  if (connection != peer_of(state_.native_slots()[session]).connection) return Offset{};
  return Offset{std::min<std::uint64_t>(one.stream.sent.load(std::memory_order_relaxed),
                                        state_.room_log(room.index).tail())};
}

void RoomTable::enter(Slot session, std::size_t at, const Entering& entering) noexcept {
  auto& in_use = state_.native_slots()[session].subscriptions;
  in_use.store(in_use.load(std::memory_order_relaxed) | 1U << at, std::memory_order_release);
  crash_point();
  Subscription& one = subscription(session, at);
  // A worker that reads these acknowledgements does not find the room before any more.
  std::atomic_thread_fence(std::memory_order_release);
  one.change = entering.change;
  set_telling(one, one.is_counted_join, entering.telling);
  one.late_join.store(entering.telling.is_late ? LateJoin::untold : LateJoin::told,
                      std::memory_order_relaxed);
  store_value(
      one.acks,
      SubscriptionAcks{.acked = entering.start, .window = entering.window, .holes = 0, .hole = {}});
  crash_point();
  one.room.store(to_word(entering.room), std::memory_order_release);
  crash_point();
  // Before the phase: a successor finishes a join in the phase `entering`, and must not use the
  // number again for the next join.
  state_.native_slots()[session].next_subscription = static_cast<std::uint32_t>(at) + 1;
  one.phase.store(SubscriptionPhase::entering, std::memory_order_release);
  crash_point();
}

void RoomTable::settle(Slot session, std::size_t at) noexcept {
  Subscription& one = subscription(session, at);
  one.phase.store(SubscriptionPhase::member, std::memory_order_release);
  crash_point();
  if (const auto room = place_of(session, at)) set_member(room->index, session);
}

void RoomTable::begin_late_join(Slot session, std::size_t at, Offset change,
                                const Telling& telling) noexcept {
  Subscription& one = subscription(session, at);
  one.change = change;
  set_telling(one, one.is_counted_join, telling);
  crash_point();
  one.late_join.store(LateJoin::telling, std::memory_order_release);
  crash_point();
}

void RoomTable::end_late_join(Slot session, std::size_t at, bool is_counted) noexcept {
  Subscription& one = subscription(session, at);
  one.is_counted_join = is_counted ? 1 : 0;
  one.late_join.store(LateJoin::told, std::memory_order_release);
  crash_point();
}

void RoomTable::open_window(Slot session, std::size_t at, std::uint32_t window) noexcept {
  SubscriptionAcks acks = subscription(session, at).acks;
  acks.window = window;
  store_value(subscription(session, at).acks, acks);
  crash_point();
}

void RoomTable::acknowledge(Slot session, std::size_t at, const wire::AckFrame& ack) noexcept {
  SubscriptionAcks acks{.acked = ack.cumulative, .window = ack.window, .holes = 0, .hole = {}};
  acks.holes = std::min<std::uint32_t>(ack.holes, kSubscriptionHoles);
  std::copy_n(ack.hole.begin(), acks.holes, acks.hole.begin());
  store_value(subscription(session, at).acks, acks);
}

void RoomTable::begin_leave(Slot session, std::size_t at, std::uint64_t change,
                            SubscriptionPhase phase, const Telling& telling) noexcept {
  Subscription& one = subscription(session, at);
  one.change = change;
  set_telling(one, one.is_counted_leave, telling);
  one.is_late_leave = telling.is_late ? 1 : 0;
  crash_point();
  one.phase.store(phase, std::memory_order_release);
  crash_point();
  if (const auto room = place_of(session, at)) clear_member(room->index, session);
}

// `room` first: in the phase `free` a worker finds no room.
void RoomTable::release(Slot session, std::size_t at) noexcept {
  Subscription& one = subscription(session, at);
  one.room.store(0, std::memory_order_release);
  crash_point();
  one.phase.store(SubscriptionPhase::free, std::memory_order_release);
  crash_point();
  auto& in_use = state_.native_slots()[session].subscriptions;
  in_use.store(in_use.load(std::memory_order_relaxed) & ~(1U << at), std::memory_order_release);
  crash_point();
}

// The bit of the summary is set first and cleared last: where a word has bits, the summary says so.
void RoomTable::set_member(RoomIndex room, Slot session) noexcept {
  const auto members = state_.room_members(room);
  const std::uint32_t word = session / 64;
  set_bit(members.summary, word);
  set_bit(members.sessions, session);
}

void RoomTable::clear_member(RoomIndex room, Slot session) noexcept {
  const auto members = state_.room_members(room);
  const std::uint32_t word = session / 64;
  clear_bit(members.sessions, session);
  if (members.sessions[word].load(std::memory_order_relaxed) != 0) return;
  clear_bit(members.summary, word);
}

void RoomTable::clear_members(RoomIndex room) noexcept {
  const auto members = state_.room_members(room);
  for (auto& word : members.sessions) word.store(0, std::memory_order_release);
  for (auto& word : members.summary) word.store(0, std::memory_order_release);
}

void RoomTable::begin_append(RoomIndex room) noexcept {
  state_.room_news().appending.store(static_cast<std::uint32_t>(room) + 1,
                                     std::memory_order_relaxed);
  crash_point();
}

void RoomTable::end_append(RoomIndex room) noexcept {
  RoomNews& news = state_.room_news();
  const std::uint64_t count = news.count.load(std::memory_order_relaxed);
  // A follower that reads this entry in place of the one before also reads the count.
  std::atomic_thread_fence(std::memory_order_release);
  news.room[count % kNewsEntries].store(static_cast<std::uint32_t>(room),
                                        std::memory_order_relaxed);
  crash_point();
  // Release: a follower that reads the count also reads the entry, and the tail of the room's log.
  news.count.store(count + 1, std::memory_order_release);
  crash_point();
}

std::uint64_t RoomTable::news() const noexcept {
  return slots_.empty() ? 0 : state_.room_news().count.load(std::memory_order_relaxed);
}

std::optional<RoomIndex> RoomTable::appending() const noexcept {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t begun = state_.room_news().appending.load(std::memory_order_relaxed);
  if (begun == 0 || begun > capacity()) return std::nullopt;
  return RoomIndex{begun - 1};
}

}  // namespace chatd::state
