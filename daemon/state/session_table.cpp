// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/session_table.hpp"

#include <algorithm>

#include "daemon/state/bitmap.hpp"

namespace chatd::state {

namespace {

// The generation that a free slot has before a field changes. A predecessor that was killed in
// open() left it odd: a worker that still reads the slot would use mixed fields.
std::uint64_t even_generation(const SessionSlot& slot) noexcept {
  return (slot.generation.load(std::memory_order_relaxed) + 1) & ~1ULL;
}

}  // namespace

std::string_view SessionTable::name(Slot index) const noexcept {
  const SessionSlot& slot = slots_[index];
  return {slot.name.data(), std::min<std::size_t>(slot.name_bytes, slot.name.size())};
}

Sender SessionTable::sender(Slot index) const noexcept {
  return {.slot = index,
          .generation = Generation{slots_[index].generation.load(std::memory_order_relaxed)}};
}

Sender SessionTable::next_sender(Slot index) const noexcept {
  return {.slot = index, .generation = Generation{even_generation(slots_[index]) + 1}};
}

void SessionTable::open(Slot index, const Opening& opening) noexcept {
  SessionSlot& slot = slots_[index];
  const std::uint64_t generation = even_generation(slot);
  slot.generation.store(generation, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  crash_point();
  store_value(slot.delivery, opening.delivery);
  // The slot's worker may be reading; it sees that the generation changes.
  std::atomic_ref{slot.start_offset}.store(opening.log_tail, std::memory_order_relaxed);
  slot.leave_offset = 0;
  slot.joined_wall = opening.joined.time_since_epoch().count();
  slot.last_heard = opening.now.time_since_epoch().count();
  slot.rate_arrival = 0;
  slot.notice_not_before = 0;
  slot.messages = 0;
  slot.person = opening.person;
  slot.naming_habit = NamingHabit::unknown;
  slot.kind = opening.kind;
  slot.is_quiet_join = opening.telling.is_quiet ? 1 : 0;
  slot.is_quiet_leave = 0;
  slot.is_counted_join = opening.telling.is_counted ? 1 : 0;
  slot.is_counted_leave = 0;
  slot.counted_before_join = opening.telling.counted_before;
  slot.counted_before_leave = 0;
  slot.late_join.store(opening.telling.is_late ? LateJoin::untold : LateJoin::told,
                       std::memory_order_relaxed);
  slot.late_join_offset = 0;
  slot.brief_since.store(opening.brief_since, std::memory_order_relaxed);
  slot.name_bytes = static_cast<std::uint8_t>(std::min(opening.name.size(), slot.name.size()));
  opening.name.copy(slot.name.data(), slot.name_bytes);
  crash_point();
  slot.generation.store(generation + 1, std::memory_order_release);
  crash_point();
  slot.phase.store(SessionPhase::joining, std::memory_order_release);
  crash_point();
}

void SessionTable::activate(Slot index) noexcept {
  slots_[index].phase.store(SessionPhase::active, std::memory_order_release);
  crash_point();
  set_bit(active_, index);
}

void SessionTable::begin_late_join(Slot index, std::uint64_t log_tail,
                                   const Telling& telling) noexcept {
  SessionSlot& slot = slots_[index];
  slot.late_join_offset = log_tail;
  slot.is_counted_join = telling.is_counted ? 1 : 0;
  slot.counted_before_join = telling.counted_before;
  crash_point();
  slot.late_join.store(LateJoin::telling, std::memory_order_release);
  crash_point();
}

void SessionTable::end_late_join(Slot index, bool is_counted) noexcept {
  SessionSlot& slot = slots_[index];
  slot.is_counted_join = is_counted ? 1 : 0;
  slot.late_join.store(LateJoin::told, std::memory_order_release);
  crash_point();
}

void SessionTable::end_brief(Slot index) noexcept {
  slots_[index].brief_since.store(0, std::memory_order_release);
  crash_point();
}

void SessionTable::prove(Slot index) noexcept {
  Delivery delivery = slots_[index].delivery;
  delivery.unproved = 0;
  store_value(slots_[index].delivery, delivery);
}

void SessionTable::begin_leave(Slot index, LeaveKind kind, std::uint64_t log_tail,
                               const Telling& telling) noexcept {
  SessionSlot& slot = slots_[index];
  clear_bit(active_, index);
  slot.leave_kind = kind;
  slot.leave_offset = log_tail;
  slot.is_quiet_leave = telling.is_told() ? 0 : 1;
  slot.is_counted_leave = telling.is_counted ? 1 : 0;
  slot.counted_before_leave = telling.counted_before;
  crash_point();
  slot.phase.store(SessionPhase::leaving, std::memory_order_release);
  crash_point();
}

void SessionTable::release(Slot index) noexcept {
  SessionSlot& slot = slots_[index];
  const std::uint64_t generation = slot.generation.load(std::memory_order_relaxed);
  slot.generation.store((generation | 1U) + 1, std::memory_order_release);
  crash_point();
  slot.phase.store(SessionPhase::free, std::memory_order_release);
  crash_point();
}

}  // namespace chatd::state
