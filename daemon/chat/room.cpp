// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room.hpp"

namespace chatd::chat {

state::Offset Room::start_for(const Position& known) const noexcept {
  const state::Offset tail = log_.tail();
  const state::Offset oldest = log_.oldest();
  const bool is_ours = known.history_id == history_id_;
  if (is_ours && known.offset && *known.offset >= oldest && *known.offset <= tail) {
    return state::Offset{*known.offset};
  }
  if (known.history_id == 0 && !known.offset) return tail;
  // Its offset was overwritten: the oldest record is the nearest one.
  if (is_ours) return oldest;
  return replay_.start(oldest, tail);
}

}  // namespace chatd::chat
