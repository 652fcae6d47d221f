// SPDX-License-Identifier: GPL-3.0-or-later
// Which rooms there are, and who is in them.
#include <algorithm>
#include <utility>

#include "common/wire/name.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/state/bitmap.hpp"

namespace chatd::chat {

using state::RoomIndex;
using state::RoomPlace;

std::optional<RoomPlace> Rooms::find_name(std::string_view name) const {
  const auto found = directory_.find_name(wire::folded_name(name));
  if (!found) return std::nullopt;
  return table_.place(*found);
}

std::optional<RoomPlace> Rooms::find_id(state::RoomId room) const {
  const auto found = directory_.find_offset(state::first_offset(room));
  if (!found) return std::nullopt;
  const RoomPlace place = table_.place(*found);
  return place.id == room ? std::optional{place} : std::nullopt;
}

// The room whose log the client knows, also if the room has another name now. The ids of rooms are
// easy to guess: a room that the member may not find, and is not invited to, is found by its name
// only. Otherwise the answer to a name that another room has would say whether that id is in use.
std::optional<RoomPlace> Rooms::find_known(const By& by, std::string_view name,
                                           const Room::Position& known) const {
  const bool is_ours = known.history_id == state_.header().epoch && known.offset.value_or(0) != 0;
  if (!is_ours) return std::nullopt;
  const auto index = directory_.find_offset(state::Offset{*known.offset});
  const auto room = index ? std::optional{table_.place(*index)} : std::nullopt;
  const auto entry = rights_.entry_of(by.slot, room ? room->id : RoomRights::kNoRoom, by.now.wall);
  if (!room) return std::nullopt;
  if (wire::folded_name(table_.name(*index)) == wire::folded_name(name)) return room;
  const state::RoomProperties& properties = rights_.properties(room);
  const bool is_public = !properties.is_hidden.load(std::memory_order_relaxed) &&
                         rights_.is_open_to(entry.standing, room);
  return !entry.ban && (entry.is_listed || is_public) ? room : std::nullopt;
}

std::optional<Rooms::Found> Rooms::find(Slot member, state::RoomId room) const {
  const auto at = table_.find(member, room);
  if (!at) return std::nullopt;
  const auto place = table_.place_of(member, *at);
  if (!place) return std::nullopt;
  return Found{.at = *at, .room = place->index};
}

bool Rooms::has_member(Slot member, state::RoomId room) const {
  const auto programs = programs_of(sessions_, member);
  return std::ranges::any_of(programs,
                             [&](Slot program) { return find(program, room).has_value(); });
}

std::uint32_t Rooms::members(RoomIndex room) const {
  return members_[static_cast<std::uint32_t>(room)];
}

state::Offset Rooms::tail(RoomIndex room) const {
  return rooms_[static_cast<std::uint32_t>(room)]->tail();
}

std::vector<RoomIndex> Rooms::rooms_of(Slot member) const {
  std::vector<RoomIndex> rooms;
  table_.for_each(member, [&](std::size_t at) {
    if (const auto room = table_.place_of(member, at)) rooms.push_back(room->index);
  });
  return rooms;
}

std::optional<RoomPlace> Rooms::next(std::uint32_t from) const {
  for (std::uint32_t row = from; row < rooms_.size(); ++row) {
    if (rooms_[row]) return table_.place(RoomIndex{row});
  }
  return std::nullopt;
}

bool Rooms::stands_for_member(Slot session, state::RoomId room) const {
  const Roster& roster = sessions_.roster();
  if (roster.is_alone(session)) return true;
  std::optional<Slot> program = roster.first(session);
  while (program && !table_.is_member(*program, room)) program = roster.next_program(*program);
  return program == session;
}

std::optional<Slot> Rooms::next_member(RoomIndex room, Slot from) const {
  const state::RoomId id = table_.place(room).id;
  auto slot = next_session(room, from);
  while (slot && !stands_for_member(*slot, id)) slot = next_session(room, Slot{*slot + 1});
  return slot;
}

std::optional<Slot> Rooms::next_session(RoomIndex room, Slot from) const {
  // A bitmap that was never used has no memory; a read would allocate it.
  if (members(room) == 0) return std::nullopt;
  const auto found = state::next_bit(state_.room_members(room).sessions, from);
  if (!found) return std::nullopt;
  return Slot{*found};
}

}  // namespace chatd::chat
