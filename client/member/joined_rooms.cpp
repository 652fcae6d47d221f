// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/joined_rooms.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

template <class Holds>
JoinedRooms::Room* first_that(std::vector<JoinedRooms::Room>& rooms, const Holds& holds) {
  const auto found = std::ranges::find_if(rooms, holds);
  return found == rooms.end() ? nullptr : &*found;
}

}  // namespace

JoinedRooms::Room* JoinedRooms::find(std::uint8_t stream) {
  return first_that(rooms_,
                    [&](const Room& room) { return room.is_in() && room.stream == stream; });
}

JoinedRooms::Room* JoinedRooms::find(std::string_view name) {
  const auto is_named = [&](const Room& room) { return room.ref.name == name; };
  if (Room* const room = first_that(rooms_, is_named)) return room;
  const std::string folded = wire::folded_name(name);
  if (folded.empty()) return nullptr;
  return first_that(rooms_,
                    [&](const Room& room) { return wire::folded_name(room.ref.name) == folded; });
}

JoinedRooms::Room* JoinedRooms::find_ordered(std::string_view name) {
  if (Room* const room = find(name)) return room;
  const std::string folded = wire::folded_name(name);
  if (folded.empty()) return nullptr;
  return first_that(
      rooms_, [&](const Room& room) { return wire::folded_name(room.former_name) == folded; });
}

JoinedRooms::Room* JoinedRooms::find_rejoin(std::uint64_t number) {
  return first_that(rooms_,
                    [&](const Room& room) { return !room.is_in() && room.rejoin == number; });
}

JoinedRooms::Room& JoinedRooms::put(Room room) {
  if (const Room* const same = find(room.ref.name)) remove(*same);
  if (const Room* const other = find(room.stream)) remove(*other);
  const auto behind = std::ranges::upper_bound(rooms_, room.stream, {}, &Room::stream);
  return *rooms_.insert(behind, std::move(room));
}

RoomRef JoinedRooms::remove(const Room& room) {
  RoomRef ref = room.ref;
  rooms_.erase(rooms_.begin() + (&room - rooms_.data()));
  return ref;
}

}  // namespace chatd::client
