// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/joins.hpp"

namespace chatd::chat {

using state::count;
using state::LateJoin;
using state::LeaveKind;
using state::RecordKind;

Joins::Joins(const state::StateView& state, Room& room, const Roster& roster)
    : room_{room},
      roster_{roster},
      table_{state},
      natives_{state.native_slots()},
      counters_{state.counters()} {}

state::Telling Joins::telling_of(const Login& login, Now now) {
  if (login.member) {
    const state::SessionSlot& first = table_.slot(*login.member);
    if (!login.is_brief) tell_late(*login.member, now);
    state::Telling telling = Crowd::quiet(first.is_counted_join != 0);
    telling.is_late = is_untold(first);
    return telling;
  }
  if (login.is_brief) return {.is_late = true};
  return room_.join(roster_.size() + 1, login.joiner, now.mono);
}

state::Telling Joins::leave_of(Slot session, LeaveKind kind) const {
  const state::SessionSlot& slot = table_.slot(session);
  const bool is_counted = slot.is_counted_join != 0;
  const bool is_kick = kind == LeaveKind::kicked;
  if (!roster_.is_alone(session)) return Crowd::quiet(is_counted);
  if (is_untold(slot) && !is_kick) return {.is_late = true};
  return room_.crowd().leave(is_counted && !is_kick);
}

void Joins::record(RecordKind kind, Slot session, std::string_view text, WallTime time) {
  room_.post({.kind = kind,
              .sender = table_.sender(session),
              .name = table_.name(session),
              .text = text,
              .time = time,
              .person = static_cast<std::uint64_t>(table_.slot(session).person)});
}

void Joins::tell_join(Slot session, WallTime time) {
  if (table_.slot(session).is_counted_join != 0) return room_.crowd().count_join();
  record(RecordKind::join, session, {}, time);
}

void Joins::tell_leave(Slot session, std::string_view reason, WallTime time) {
  const auto& slot = table_.slot(session);
  if (slot.is_counted_leave != 0) return room_.crowd().count_leave();
  const bool is_kick = slot.leave_kind == LeaveKind::kicked;
  record(is_kick ? RecordKind::kick : RecordKind::leave, session, reason, time);
}

// --- late joins --------------------------------------------------------------------

// Only native sessions are brief.
JoinRates::Joiner Joins::joiner_of(Slot session) const {
  return {.person = table_.slot(session).person,
          .address = state::peer_of(natives_[session]).delivery.peer.address};
}

void Joins::tell_late(Slot session, Now now) {
  if (!is_untold(table_.slot(session))) return;
  const state::Telling telling = room_.join(roster_.size(), joiner_of(session), now.mono);
  table_.begin_late_join(session, room_.tail(), telling);
  tell_join(session, now.wall);
  table_.end_late_join(session, telling.is_counted);
  count(counters_.joins);
  spread(session);
}

void Joins::spread(Slot session) {
  const bool is_counted = table_.slot(session).is_counted_join != 0;
  for (std::optional<Slot> one = roster_.first(session); one; one = roster_.next_program(*one)) {
    if (is_untold(table_.slot(*one))) table_.end_late_join(*one, is_counted);
  }
}

// --- adoption ----------------------------------------------------------------------

// The record or the number is missing if nothing was appended or counted since the slot was
// written.
void Joins::adopt_join(Slot session, WallTime time) {
  const state::SessionSlot& slot = table_.slot(session);
  const bool is_late = slot.late_join.load(std::memory_order_relaxed) != LateJoin::told;
  if (slot.is_quiet_join != 0 || is_late) return;
  const bool is_told = slot.is_counted_join != 0
                           ? room_.crowd().has_counted(slot.counted_before_join)
                           : room_.tail() != slot.start_offset;
  if (!is_told) tell_join(session, time);
}

void Joins::adopt_late_join(Slot session, WallTime time) {
  const state::SessionSlot& slot = table_.slot(session);
  if (slot.late_join.load(std::memory_order_relaxed) != LateJoin::telling) return;
  const bool is_counted = slot.is_counted_join != 0;
  const bool is_told = is_counted ? room_.crowd().has_counted(slot.counted_before_join)
                                  : room_.tail() != slot.late_join_offset;
  if (!is_told) tell_join(session, time);
  table_.end_late_join(session, is_counted);
}

void Joins::adopt_leave(Slot session, WallTime time) {
  const state::SessionSlot& slot = table_.slot(session);
  if (slot.is_quiet_leave != 0) return;
  const bool is_told = slot.is_counted_leave != 0
                           ? room_.crowd().has_counted(slot.counted_before_leave)
                           : room_.tail() != slot.leave_offset;
  // The reason of a kick is lost with the gateway; the kick itself is not.
  if (!is_told) tell_leave(session, {}, time);
}

void Joins::adopt_programs(Slot session) {
  if (!roster_.is_alone(session) && !is_untold(table_.slot(session))) spread(session);
}

}  // namespace chatd::chat
