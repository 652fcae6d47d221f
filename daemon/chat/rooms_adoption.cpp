// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms::adopt(): a new gateway takes the further rooms over from one that may have been killed
// between any two stores of room_table.cpp.
#include <algorithm>

#include "common/wire/name.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::LateJoin;
using state::RecordKind;
using state::RoomIndex;
using state::RoomPhase;
using state::SubscriptionPhase;

namespace {

// Of a kick only that of the whole session is known.
RecordKind adopted_record(const Sessions& sessions, Slot slot) {
  const bool is_kicked =
      !sessions.is_member(slot) && sessions.session(slot).leave_kind == state::LeaveKind::kicked;
  return is_kicked ? RecordKind::kick : RecordKind::leave;
}

}  // namespace

void Rooms::adopt(Now now) {
  last_id_ = static_cast<std::uint32_t>(state_.keeping().last_room);
  table_.adopt();
  // Downwards, so that the lowest free row is taken first.
  for (std::uint32_t row = table_.capacity(); row > 0; --row) adopt_room(RoomIndex{row - 1});
  // Its followers may not know yet what was appended.
  if (const auto room = table_.appending()) table_.end_append(*room);
  for (Slot slot{}; slot < state_.geometry().sessions; ++slot) adopt_session(slot, now);
  for (const Slot slot : sessions_.with_mailbox()) adopt_late_joins(slot, now);
  count_members();
  for_each_room(*this, [&](const state::RoomPlace& place) { settle_room(place.index, now); });
  update_gauge();
}

// A removal that RoomAdmin::adopt() finishes counts, unless it is quiet.
void Rooms::count_members() {
  std::ranges::fill(members_, 0);
  const auto count = [&](Slot session, std::size_t at) {
    const auto room = table_.place_of(session, at);
    if (!room) return;
    const state::Subscription& one = table_.subscription(session, at);
    const SubscriptionPhase phase = one.phase.load(std::memory_order_relaxed);
    const bool is_counted = phase == SubscriptionPhase::member
                                ? stands_for_member(session, room->id)
                                : one.is_quiet == 0;
    if (is_counted) ++members_[static_cast<std::uint32_t>(room->index)];
  };
  for (const Slot session : sessions_.with_mailbox()) {
    table_.for_each(session, [&](std::size_t at) { count(session, at); });
  }
}

void Rooms::settle_room(RoomIndex room, Now now) {
  const RoomPhase phase = table_.phase(room);
  if (phase == RoomPhase::dropping) return;  // RoomAdmin::adopt() ends it
  const bool is_made = phase == RoomPhase::made;
  if (members(room) != 0) {
    if (!is_made) table_.settle(room);
    return;
  }
  // Its maker is not in it: no member knows of it, and the command is sent again.
  if (!is_made) return drop(room);
  // A time of another boot has no meaning.
  const std::int64_t since = table_.slot(room).empty_since;
  if (since <= 0 || since > now.mono.time_since_epoch().count()) note_empty(room, now);
}

void Rooms::adopt_room(RoomIndex room) {
  const state::RoomSlot& row = table_.slot(room);
  last_id_ = std::max(last_id_, row.id.load(std::memory_order_relaxed));
  const RoomPhase phase = table_.phase(room);
  const bool is_there =
      phase == RoomPhase::making || phase == RoomPhase::made || phase == RoomPhase::dropping;
  std::string folded_name = is_there ? wire::folded_name(table_.name(room)) : std::string{};
  if (folded_name.empty() || directory_.find_name(folded_name)) {
    if (phase != RoomPhase::free) {
      table_.clear_members(room);
      table_.drop(room);
      table_.end_append(room);
    }
    free_.push_back(room);
    return;
  }
  list(room, std::move(folded_name));
  Crowd& crowd = this->room(room).crowd();
  crowd.adopt();
  if (crowd.has_untold()) untold_.push_back(room);
}

// A session that leaves, or that Sessions::adopt() has removed, leaves its rooms.
void Rooms::adopt_session(Slot slot, Now now) {
  if (!state::has_mailbox(sessions_.session(slot).kind)) return;
  table_.for_each(slot, [&](std::size_t at) { adopt_subscription(slot, at, now); });
  if (!sessions_.is_member(slot)) leave_all(slot, sessions_.session(slot).leave_kind, now);
}

void Rooms::adopt_subscription(Slot slot, std::size_t at, Now now) {
  const state::Subscription& one = table_.subscription(slot, at);
  const auto place = state::room_place(one.room.load(std::memory_order_relaxed));
  const auto row = static_cast<std::uint32_t>(place.index);
  const bool has_room = row < rooms_.size() && rooms_[row] && table_.place(place.index) == place &&
                        table_.find(slot, place.id) == at;
  const SubscriptionPhase phase = one.phase.load(std::memory_order_relaxed);
  // The first store of enter(), the last one of leave(), or a row that cannot be right.
  if (!has_room || phase == SubscriptionPhase::free) return table_.release(slot, at);
  const bool is_telling = one.late_join.load(std::memory_order_relaxed) == LateJoin::telling;
  if (phase != SubscriptionPhase::member || is_telling) adopt_change(slot, one, place.index, now);
  if (is_telling) table_.end_late_join(slot, at, one.is_counted_join != 0);
  if (phase == SubscriptionPhase::entering || phase == SubscriptionPhase::member) {
    return table_.settle(slot, at);  // its bit may be missing
  }
  // Its bit may still be set.
  table_.begin_leave(slot, at, one.change, phase, telling_of(one));
  // RoomAdmin::adopt() does the rest of a removal.
  if (phase == SubscriptionPhase::leaving) finish_leave(slot, at, place.index, now);
}

// Appends the record of the join or leave, or counts it, if that is missing.
void Rooms::adopt_change(Slot slot, const state::Subscription& one, RoomIndex room, Now now) {
  const state::Telling telling = telling_of(one);
  const bool is_told = telling.is_counted
                           ? this->room(room).crowd().has_counted(telling.counted_before)
                           : this->room(room).tail() != one.change;
  const SubscriptionPhase phase = one.phase.load(std::memory_order_relaxed);
  const bool is_removal = phase == SubscriptionPhase::removing;
  if (is_told || (is_removal && table_.phase(room) == RoomPhase::dropping)) return;
  const bool is_join = phase == SubscriptionPhase::entering || phase == SubscriptionPhase::member;
  const RecordKind kind = is_join      ? RecordKind::join
                          : is_removal ? RecordKind::kick
                                       : adopted_record(sessions_, slot);
  tell(telling, kind, slot, room, {}, now.wall);
}

void Rooms::index_lines(RoomIndex index) {
  Room& room = this->room(index);
  if (room.is_indexed()) return;
  room.begin_index(config_.room.replay);
  logs::RecordBuffer buffer;
  logs::for_each_record(
      state_.room_log(index), buffer,
      [&](const wire::RecordView& record, logs::Offset at) { room.note(record.header.kind, at); });
  room.end_index();
}

}  // namespace chatd::chat
