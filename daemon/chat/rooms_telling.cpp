// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms: how the members of a further room learn of joins and leaves. See Crowd.
#include <algorithm>

#include "daemon/chat/rooms.hpp"

namespace chatd::chat {

using state::RecordKind;
using state::RoomIndex;

void Rooms::tell(const state::Telling& telling, RecordKind kind, Slot member, RoomIndex room,
                 std::string_view text, WallTime time) {
  if (telling.is_quiet) return;
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
