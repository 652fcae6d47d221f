// SPDX-License-Identifier: GPL-3.0-or-later
// Room::adopt(): a new gateway takes the room over from one that may have been killed
// between any two stores. This file is the proof that the order of stores in session_table.cpp
// is sufficient.
#include "common/wire/name.hpp"
#include "daemon/chat/room.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::chat {

using state::SessionPhase;

Room::Unfinished Room::adopt(Now now) {
  Unfinished unfinished;
  // Downwards, so that the lowest free slot is taken first: busy slots stay together, and a
  // worker's scan of the active bitmap is short.
  for (Slot slot = sessions_.capacity(); slot > 0; --slot) adopt_slot(slot - 1, unfinished, now);
  update_gauges();
  return unfinished;
}

void Room::adopt_slot(Slot slot, Unfinished& unfinished, Now now) {
  const state::SessionSlot& session = sessions_.slot(slot);
  switch (sessions_.phase(slot)) {
    case SessionPhase::free:
      roster_.give_back(slot);
      return;
    case SessionPhase::joining:
      list(slot, now);
      // Nothing was appended since it was opened, so its join record is missing.
      if (log_.tail() == session.start_offset) append(state::RecordKind::join, slot, {}, now.wall);
      entering_.push_back(slot);
      unfinished.joining.push_back(slot);
      return;
    case SessionPhase::active:
      list(slot, now);
      sessions_.activate(slot);  // its bit may be missing
      return;
    case SessionPhase::leaving:
      // The reason of a kick is lost with the gateway; the kick itself is not.
      if (log_.tail() == session.leave_offset) append_leave(slot, session.leave_kind, {}, now.wall);
      leaving_.push_back(slot);
      unfinished.leaving.push_back(slot);
      return;
  }
  // A phase that chatd never writes: the slot cannot be trusted. Its worker stops sending before
  // another session takes it.
  sessions_.begin_leave(slot, state::LeaveKind::unreachable, log_.tail());
  sessions_.release(slot);
  roster_.give_back(slot);
}

// The login time of an unproved session is not known: the time until its proof begins now.
void Room::list(Slot member, Now now) {
  const auto& session = sessions_.slot(member);
  std::string key = wire::folded_name(sessions_.name(member));
  if (session.kind == state::SessionKind::text) {
    roster_.list(member, session.delivery.peer, std::move(key));
    if (session.delivery.unproved != 0) {
      unproved_.add(member, now.mono, MonoTime{Micros{session.last_heard}});
    }
  } else {
    roster_.list_native(member, state::peer_of(natives_[member]).delivery.peer.address,
                        std::move(key));
  }
}

}  // namespace chatd::chat
