// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/rejoined_rooms.hpp"

#include <variant>

#include "common/base/overloaded.hpp"

namespace chatd::client {

void RejoinedRooms::set(const std::string& room, bool rejoined) {
  if (!rejoined) {
    rooms_.erase(room);
  } else if (rooms_.size() < kMaxRooms) {
    rooms_.insert(room);
  }
}

void RejoinedRooms::note(const Report& report) {
  std::visit(Overloaded{
                 [&](const Joined& joined) {
                   if (!joined.again) rooms_.clear();
                   set({}, joined.again);
                 },
                 [&](const RoomJoined& joined) { set(joined.room.name, joined.again); },
                 [&](const RoomLeft& left) { set(left.room.name, false); },
                 [&](const RoomRenamed& renamed) {
                   if (rooms_.erase(renamed.before) > 0) set(renamed.room.name, true);
                 },
                 [](const auto& /*other*/) {},
             },
             report);
}

bool RejoinedRooms::has_missed(const Line& line) const {
  return line.replay && rooms_.contains(line.room.name);
}

}  // namespace chatd::client
