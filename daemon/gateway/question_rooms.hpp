// SPDX-License-Identifier: GPL-3.0-or-later
// question_rooms.hpp — which rooms a question of a member is about, and which of their stored lines
// the member may read now.
//
// Runs in:   gateway. Pure.
// Borrows:   the Chat.
// Invariant: a room that the member is not in is none, whether it exists or not. The right is
//            RoomRights::first_number(), and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/chat/chat.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::gateway {

class QuestionRooms {
 public:
  using Slot = chat::Slot;
  using Where = chat::RoomRights::Where;
  explicit QuestionRooms(const chat::Chat& chat) noexcept : chat_{chat} {}

  // The room, if the session is in it; with `any_program`, if any program of its member is.
  [[nodiscard]] std::optional<Where> find(Slot session, state::RoomId room, bool any_program) const;
  // The room that a command names by its RoomAddress, if any program of the member is in it; "":
  // the default room.
  [[nodiscard]] std::optional<Where> named(Slot session, std::string_view address) const;
  // For the archive: the default room, and those that any program of the member is in.
  [[nodiscard]] std::vector<sys::QuestionRoom> all(Slot session, WallTime now) const;
  [[nodiscard]] sys::QuestionRoom asked(Slot session, const Where& room, WallTime now) const;
  // The names of the rooms of the lines that the member is in, as in wire::StoredPage.
  [[nodiscard]] std::string names(Slot session, const std::vector<sys::StoredLine>& lines) const;

 private:
  const chat::Chat& chat_;
};

// For one part of an answer: the rights are looked up once for each room.
class ReadableLines {
 public:
  ReadableLines(const QuestionRooms& rooms, chat::Slot session, bool any_program, WallTime now)
      : rooms_{rooms}, session_{session}, any_program_{any_program}, now_{now} {}
  // `room` and `base` of the line are set.
  [[nodiscard]] bool has(const sys::StoredLine& line);

 private:
  const QuestionRooms& rooms_;
  chat::Slot session_;
  bool any_program_;
  WallTime now_;
  std::map<std::uint32_t, std::optional<std::uint64_t>> from_;  // the first line, by room
};

}  // namespace chatd::gateway
