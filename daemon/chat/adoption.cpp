// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions::adopt(): a new gateway takes the sessions over from one that may have been killed
// between any two stores. This file is the proof that the order of stores in session_table.cpp
// is sufficient.
#include <algorithm>
#include <utility>

#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

using state::SessionPhase;

Sessions::Unfinished Sessions::adopt(Now now) {
  room_.crowd().adopt();
  Unfinished unfinished;
  // Downwards, so that the lowest free slot is taken first: busy slots stay together, and a
  // worker's scan of the active bitmap is short.
  for (std::uint32_t end = table_.capacity(); end > 0; --end) {
    adopt_slot(Slot{end - 1}, unfinished, now);
  }
  for (const Slot slot : with_mailbox()) joins_.adopt_programs(slot);
  update_gauges();
  return unfinished;
}

void Sessions::adopt_slot(Slot slot, Unfinished& unfinished, Now now) {
  switch (table_.phase(slot)) {
    case SessionPhase::free:
      roster_.give_back(slot);
      return;
    case SessionPhase::joining:
      adopt_member(slot, now);
      joins_.adopt_join(slot, now.wall);
      entering_.push_back(slot);
      unfinished.joining.push_back(slot);
      return;
    case SessionPhase::active:
      adopt_member(slot, now);
      table_.activate(slot);  // its bit may be missing
      return;
    case SessionPhase::leaving:
      joins_.adopt_leave(slot, now.wall);
      leaving_.push_back(slot);
      unfinished.leaving.push_back(slot);
      return;
  }
  // A phase that chatd never writes: the slot cannot be trusted. Its worker stops sending before
  // another session takes it.
  table_.begin_leave(slot, state::LeaveKind::unreachable, room_.tail());
  table_.release(slot);
  roster_.give_back(slot);
}

// The login time of an unproved session is not known: the time until its proof begins now.
// The person is calculated again: a snapshot does not have it.
void Sessions::adopt_member(Slot member, Now now) {
  auto& session = table_.slot(member);
  session.person = state::has_mailbox(session.kind)
                       ? persons_.of_native(identity(member))
                       : persons_.of_text(history_id_, table_.sender(member));
  list(member, where(member), wire::folded_name(table_.name(member)));
  joins_.adopt_late_join(member, now.wall);
  // The predecessor had another order of the member's programs.
  auto& rate = table_.slot(roster_.first(member)).rate_arrival;
  rate = std::max(rate, session.rate_arrival);
  if (session.delivery.unproved != 0) {
    unproved_.add(member, now.mono, MonoTime{Micros{session.last_heard}});
  }
}

}  // namespace chatd::chat
