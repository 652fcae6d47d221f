// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms: how the members of a further room learn of joins and leaves. See Crowd.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/chat/programs.hpp"
#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

using state::RecordKind;
using state::RoomIndex;
using state::RoomPlace;

namespace {

// The subscription of another program of the member to the room. nullptr: none is in the room.
const state::Subscription* other_in_room(const Sessions& sessions, const state::RoomTable& table,
                                         Slot session, state::RoomId room) {
  for (const Slot other : other_programs(sessions, session)) {
    const auto at = table.find(other, room);
    if (!at) continue;
    const state::Subscription& one = table.subscription(other, *at);
    const auto phase = one.phase.load(std::memory_order_relaxed);
    if (phase == state::SubscriptionPhase::member) return &one;
  }
  return nullptr;
}

JoinRates::Joiner joiner_of(const Sessions& sessions, Slot member) {
  return {.person = sessions.person(member), .address = sessions.where(member).address};
}

}  // namespace

state::Telling Rooms::telling_of_join(Slot session, RoomPlace place, Now now) {
  const bool is_brief = state::is_brief(sessions_.session(session));
  if (!is_brief) tell_late_in(session, place, now);
  if (const auto* const other = other_in_room(sessions_, table_, session, place.id)) {
    state::Telling telling = Crowd::quiet(other->is_counted_join != 0);
    telling.is_late = is_untold(*other);
    return telling;
  }
  if (is_brief) return {.is_late = true};
  return room(place.index).join(members(place.index) + 1, joiner_of(sessions_, session), now.mono);
}

state::Telling Rooms::begin_leave(Slot session, const Found& found, state::SubscriptionPhase phase,
                                  RecordKind kind) {
  const state::Subscription& own = table_.subscription(session, found.at);
  const auto* const other = other_in_room(sessions_, table_, session, table_.place(found.room).id);
  const bool is_kick = kind == RecordKind::kick;
  state::Telling telling{.is_late = true};
  if (other != nullptr) {
    telling = Crowd::quiet(other->is_counted_join != 0);
  } else if (!is_untold(own) || is_kick) {
    telling = room(found.room).crowd().leave(own.is_counted_join != 0 && !is_kick);
  }
  table_.begin_leave(session, found.at, tail(found.room), phase, telling);
  return telling;
}

// Of the programs of a member that are in the room, all are told or none. After a death of a
// gateway some may be.
void Rooms::tell_late_in(Slot member, RoomPlace place, Now now) {
  std::vector<std::pair<Slot, std::size_t>> places;
  for (const Slot session : programs_of(sessions_, member)) {
    if (const auto at = table_.find(session, place.id)) places.emplace_back(session, *at);
  }
  const auto is_told = [&](const auto& one) {
    return !is_untold(table_.subscription(one.first, one.second));
  };
  auto told = std::ranges::find_if(places, is_told);
  if (places.empty()) return;
  if (told == places.end()) {
    told = places.begin();
    const state::Telling telling =
        room(place.index).join(members(place.index), joiner_of(sessions_, told->first), now.mono);
    table_.begin_late_join(told->first, told->second, tail(place.index), telling);
    tell(telling, RecordKind::join, told->first, place.index, {}, now.wall);
    table_.end_late_join(told->first, told->second, telling.is_counted);
  }
  const bool is_counted = table_.subscription(told->first, told->second).is_counted_join != 0;
  for (const auto& [session, at] : places) {
    if (is_untold(table_.subscription(session, at))) table_.end_late_join(session, at, is_counted);
  }
}

void Rooms::tell_late(Slot session, Now now) {
  table_.for_each(session, [&](std::size_t at) {
    const auto place = table_.place_of(session, at);
    if (place && is_untold(table_.subscription(session, at))) tell_late_in(session, *place, now);
  });
}

// Nothing is told here: a predecessor was killed before it had changed all programs of a member.
void Rooms::adopt_late_joins(Slot session, Now now) {
  table_.for_each(session, [&](std::size_t at) {
    const auto place = table_.place_of(session, at);
    if (!place || !is_untold(table_.subscription(session, at))) return;
    const auto* const other = other_in_room(sessions_, table_, session, place->id);
    if (other != nullptr && !is_untold(*other)) tell_late_in(session, *place, now);
  });
}

void Rooms::tell(const state::Telling& telling, RecordKind kind, Slot member, RoomIndex room,
                 std::string_view text, WallTime time) {
  if (!telling.is_told()) return;
  if (!telling.is_counted) {
    return post(room, {.kind = kind,
                       .sender = sessions_.sender(member),
                       .name = sessions_.name(member),
                       .text = text,
                       .time = time,
                       .person = static_cast<std::uint64_t>(sessions_.person(member))});
  }
  Crowd& crowd = this->room(room).crowd();
  if (!crowd.has_untold()) untold_.push_back(room);
  kind == RecordKind::join ? crowd.count_join() : crowd.count_leave();
}

// A row in the list may be free meanwhile, or have another room.
void Rooms::tell_crowds(Now now) {
  std::erase_if(untold_, [&](RoomIndex index) {
    if (!rooms_[static_cast<std::uint32_t>(index)]) return true;
    Room& room = this->room(index);
    if (room.crowd().is_due(now.mono)) {
      table_.begin_append(index);
      room.tell_crowd(now);
      table_.end_append(index);
    }
    return !room.crowd().has_untold();
  });
}

}  // namespace chatd::chat
