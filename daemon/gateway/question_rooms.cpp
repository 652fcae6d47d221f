// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/question_rooms.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/wire/native/native_command.hpp"

namespace chatd::gateway {

std::optional<QuestionRooms::Where> QuestionRooms::find(Slot session, state::RoomId room,
                                                        bool any_program) const {
  if (room == state::kDefaultRoom) return Where{};
  std::vector<Slot> programs{session};
  if (any_program) programs = chat::programs_of(chat_.sessions, session);
  for (const Slot program : programs) {
    const auto found = chat_.rooms.find(program, room);
    if (found) return state::RoomPlace{.id = room, .index = found->room};
  }
  return std::nullopt;
}

std::optional<QuestionRooms::Where> QuestionRooms::named(Slot session,
                                                         std::string_view address) const {
  if (address.empty()) return Where{};
  const auto id = wire::room_of({.kind = {}, .name = address, .text = {}, .size = 0});
  return id ? find(session, state::RoomId{*id}, true) : std::nullopt;
}

std::vector<sys::QuestionRoom> QuestionRooms::all(Slot session, WallTime now) const {
  std::vector<state::RoomIndex> rooms;
  for (const Slot program : chat::programs_of(chat_.sessions, session)) {
    const auto more = chat_.rooms.rooms_of(program);
    rooms.insert(rooms.end(), more.begin(), more.end());
  }
  std::ranges::sort(rooms);
  const auto same = std::ranges::unique(rooms);
  rooms.erase(same.begin(), same.end());
  std::vector<sys::QuestionRoom> all{asked(session, Where{}, now)};
  for (const state::RoomIndex room : rooms) {
    const auto id = state::RoomId{chat_.rooms.row(room).id.load(std::memory_order_relaxed)};
    all.push_back(asked(session, state::RoomPlace{.id = id, .index = room}, now));
  }
  return all;
}

sys::QuestionRoom QuestionRooms::asked(Slot session, const Where& room, WallTime now) const {
  const chat::RoomRights::Origin origin = chat_.rights.origin(room);
  return {.id = static_cast<std::uint32_t>(chat::RoomRights::id_of(room)),
          .born = origin.born,
          .begin = origin.begin,
          .from = chat_.rights.first_number(session, room, now)};
}

std::string QuestionRooms::names(Slot session, const std::vector<sys::StoredLine>& lines) const {
  std::map<std::uint32_t, std::string_view> names;
  for (const sys::StoredLine& line : lines) {
    const auto room = find(session, state::RoomId{line.room}, true);
    if (room && *room) names[line.room] = chat_.rooms.name((*room)->index);
  }
  std::string text;
  for (const auto& [id, name] : names) text += fmt::format("{}\t{}\n", id, name);
  return text;
}

bool ReadableLines::has(const sys::StoredLine& line) {
  auto found = from_.find(line.room);
  if (found == from_.end()) {
    found = from_.emplace(line.room, std::nullopt).first;
    if (const auto room = rooms_.find(session_, state::RoomId{line.room}, any_program_)) {
      const std::uint64_t first = rooms_.asked(session_, *room, now_).from;
      found->second = first == 0 ? 0 : first + line.base;
    }
  }
  return found->second && line.number >= *found->second;
}

}  // namespace chatd::gateway
