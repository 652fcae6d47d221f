// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_admin.hpp"

#include <optional>
#include <vector>

#include "common/wire/removal_sentences.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/chat/programs.hpp"

namespace chatd::chat {

using state::RoomIndex;
using state::RoomPhase;
using state::SubscriptionPhase;

// The predecessor knew who removed the member, and why; its successor does not.
void RoomAdmin::adopt(Now now) {
  state::RoomTable& table = rooms_.table();
  for (const Slot member : sessions_.with_mailbox()) {
    table.for_each(member, [&](std::size_t at) {
      const state::Subscription& one = table.subscription(member, at);
      if (one.phase.load(std::memory_order_relaxed) != SubscriptionPhase::removing) return;
      const auto room = table.place_of(member, at);
      if (!room) return table.release(member, at);
      const bool is_dropping = table.phase(room->index) == RoomPhase::dropping;
      finish(member, at, room->index, is_dropping ? wire::kRoomDropped.en : state::kShortReason,
             now);
    });
  }
  std::vector<RoomIndex> dropping;
  for_each_room(rooms_, [&](const state::RoomPlace& place) {
    if (table.phase(place.index) == RoomPhase::dropping) dropping.push_back(place.index);
  });
  for (const RoomIndex room : dropping) drop(room, now);
}

void RoomAdmin::keep(RoomIndex room) { rooms_.keep(room); }

std::uint32_t RoomAdmin::drop(RoomIndex room, Now now) {
  return drop(room, wire::kRoomDropped.en, now);
}

bool RoomAdmin::drop_unused(Now now) {
  std::optional<RoomIndex> oldest;
  for_each_room(rooms_, [&](const state::RoomPlace& place) {
    if (!is_unused(place.index, now)) return;
    const bool is_older =
        !oldest || rooms_.row(place.index).made_wall < rooms_.row(*oldest).made_wall;
    if (is_older) oldest = place.index;
  });
  if (oldest) drop(*oldest, wire::kRoomUnused.en, now);
  return oldest.has_value();
}

bool RoomAdmin::is_unused(RoomIndex room, Now now) const {
  const state::RoomSlot& row = rooms_.row(room);
  const bool is_members = row.is_kept == 0 && row.maker_end != 0;
  const auto limit = (now.wall - config_.rooms.linger).time_since_epoch().count();
  return is_members && row.has_lines == 0 && row.made_wall <= limit;
}

// The log of the room ends: it gets no record of the removals.
std::uint32_t RoomAdmin::drop(RoomIndex room, std::string_view told, Now now) {
  state::RoomTable& table = rooms_.table();
  const state::RoomId id = table.place(room).id;
  const std::uint32_t members = rooms_.members(room);
  table.begin_drop(room);
  for_each_session(rooms_, room, [&](Slot member) {
    const auto found = rooms_.find(member, id);
    if (!found) return;
    (void)rooms_.begin_leave(member, *found, SubscriptionPhase::removing, state::RecordKind::kick);
    finish(member, found->at, room, told, now);
  });
  rooms_.drop(room);
  return members;
}

bool RoomAdmin::kick(Slot member, state::RoomId room, std::string_view reason, Now now) {
  return kick(member, room, reason, reason.empty() ? wire::kByAdministrator : reason, now);
}

bool RoomAdmin::kick(Slot member, state::RoomId room, std::string_view reason,
                     std::string_view told, Now now) {
  bool is_in = false;
  for (const Slot program : programs_of(sessions_, member)) {
    const auto found = rooms_.find(program, room);
    if (!found) continue;
    remove(program, *found, state::RecordKind::kick, reason, told, now);
    is_in = true;
  }
  return is_in;
}

// The next client reads the same mailbox, which may hold a record `joined`. A record `left` behind
// it ends the room for this client.
void RoomAdmin::replace_client(Slot member, Now now) {
  state::RoomTable& table = rooms_.table();
  table.for_each(member, [&](std::size_t at) {
    const auto room = table.place_of(member, at);
    if (!room) return table.release(member, at);
    remove(member, {.at = at, .room = room->index}, state::RecordKind::leave, {},
           wire::kSessionTakenOver.en, now);
  });
}

void RoomAdmin::remove(Slot member, const Rooms::Found& found, state::RecordKind kind,
                       std::string_view reason, std::string_view told, Now now) {
  const auto telling = rooms_.begin_leave(member, found, SubscriptionPhase::removing, kind);
  rooms_.tell(telling, kind, member, found.room, reason, now.wall);
  finish(member, found.at, found.room, told, now);
}

void RoomAdmin::finish(Slot member, std::size_t at, RoomIndex room, std::string_view reason,
                       Now now) {
  const state::RoomId id = rooms_.table().place(room).id;
  (void)mailboxes_.deliver_left(
      member, {.room = {.stream = static_cast<std::uint8_t>(wire::kFirstRoomStream + at),
                        .room = static_cast<std::uint32_t>(id)},
               .name = rooms_.name(room),
               .reason = reason,
               .session = sessions_.sender(member),
               .time = now.wall});
  state::crash_point();
  rooms_.finish_leave(member, at, room, now);
}

}  // namespace chatd::chat
