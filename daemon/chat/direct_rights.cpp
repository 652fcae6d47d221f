// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/direct_rights.hpp"

#include <algorithm>

#include "daemon/chat/programs.hpp"

namespace chatd::chat {

DirectRights::DirectRights(const Sessions& sessions, const Rooms& rooms, const Names& names,
                           const Blocks& blocks, wire::DirectFrom from)
    : sessions_{sessions}, rooms_{rooms}, names_{names}, blocks_{blocks}, from_{from} {}

// The default room does not count: all members are in it.
bool DirectRights::is_in_a_room_with(Slot author, Slot member) const {
  std::vector<state::RoomIndex> own;
  for (const Slot program : programs_of(sessions_, author)) {
    const auto rooms = rooms_.rooms_of(program);
    own.insert(own.end(), rooms.begin(), rooms.end());
  }
  for (const Slot program : programs_of(sessions_, member)) {
    const auto rooms = rooms_.rooms_of(program);
    if (std::ranges::find_first_of(rooms, own) != rooms.end()) return true;
  }
  return false;
}

std::optional<wire::Reason> DirectRights::reason_not_to_write(Slot author, state::PersonId receiver,
                                                              std::optional<Slot> member) const {
  const state::PersonId writer = sessions_.person(author);
  if (writer == receiver) return std::nullopt;
  if (member && sessions_.is_plain(*member)) return wire::Reason::needs_tls;
  bool may = !blocks_.has(receiver, writer);
  switch (from(receiver)) {
    case wire::DirectFrom::same_room:
      may = may && member && is_in_a_room_with(author, *member);
      break;
    case wire::DirectFrom::owned:
      may = may && names_.owns(writer);
      break;
    default:
      break;
  }
  return may ? std::nullopt : std::optional{wire::Reason::not_taken};
}

}  // namespace chatd::chat
