// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/presence.hpp"

#include <algorithm>
#include <vector>

#include "daemon/chat/programs.hpp"

namespace chatd::chat {

using state::RecordKind;

bool Presence::decide(Slot session, std::uint64_t end, bool has_text) {
  state::AwaySlot& own = slots_[session].away;
  if (!has_text && own.decision >> 1U == end) return (own.decision & 1U) != 0;
  const bool is_away = has_text || state::said_away(own).is_away == 0;
  own.decision = end << 1U | (is_away ? 1U : 0U);
  state::crash_point();
  return is_away;
}

bool Presence::change(Slot session, bool is_away, std::string_view text, WallTime now) {
  const state::SaidAway& before = state::said_away(slots_[session].away);
  if ((before.is_away != 0) == is_away && view_of(before.text) == text) return false;
  state::SaidAway next{.changed = std::max(now.time_since_epoch().count(), before.changed + 1),
                       .text = {},
                       .is_away = static_cast<std::uint8_t>(is_away ? 1 : 0)};
  assign(next.text, text);
  for (const Slot program : programs_of(sessions_, session)) {
    state::say_away(slots_[program].away, next);
  }
  return true;
}

logs::Entry Presence::entry_of(Slot session, WallTime now) const {
  const state::SaidAway& said = state::said_away(slots_[session].away);
  return {.kind = said.is_away != 0 ? RecordKind::away : RecordKind::back,
          .sender = sessions_.sender(session),
          .name = {},
          .text = view_of(said.text),
          .time = now};
}

void Presence::set(Slot session, bool is_away, std::string_view text, WallTime now) {
  if (!change(session, is_away, text, now)) return;
  for (const Slot program : other_programs(sessions_, session)) {
    (void)mailboxes_.deliver_from_other(program, entry_of(program, now));
  }
}

void Presence::back(Slot session, WallTime now) {
  if (state::said_away(slots_[session].away).is_away == 0) return;
  change(session, false, {}, now);
  for (const Slot program : programs_of(sessions_, session)) {
    const logs::Entry record = entry_of(program, now);
    (void)(program == session ? mailboxes_.deliver(program, record)
                              : mailboxes_.deliver_from_other(program, record));
  }
}

void Presence::notify(Slot session, WallTime now) {
  if (state::said_away(slots_[session].away).is_away == 0) return;
  (void)mailboxes_.deliver(session, entry_of(session, now));
}

void Presence::tell_sender(Slot session, Slot to, WallTime now) {
  const state::SaidAway* const said = said_away(sessions_, to);
  const auto sender = sessions_.person(session);
  if (said == nullptr || sender == sessions_.person(to)) return;
  if (told_.size() >= kMaxTold) told_.clear();
  std::int64_t& told = told_[{sender, sessions_.person(to)}];
  if (told == said->changed) return;
  const logs::Entry record{.kind = RecordKind::away,
                           .sender = sessions_.sender(to),
                           .name = sessions_.name(to),
                           .text = away_text(sessions_, rights_, to, now),
                           .time = now};
  if (mailboxes_.deliver(session, record)) told = said->changed;
}

// The newest value is that of the command that was carried out last.
void Presence::adopt(std::span<const Slot> joining, WallTime time) {
  for (auto first = next_member(sessions_, Slot{}); first;
       first = next_member(sessions_, Slot{*first + 1})) {
    if (!sessions_.has_mailbox(*first)) continue;
    if (sessions_.roster().is_alone(*first)) continue;
    const std::vector<Slot> programs = programs_of(sessions_, *first);
    const auto changed = [&](Slot slot) { return state::said_away(slots_[slot].away).changed; };
    const Slot newest = *std::ranges::max_element(programs, {}, changed);
    const state::SaidAway value = state::said_away(slots_[newest].away);
    for (const Slot program : programs) {
      if (changed(program) != value.changed) state::say_away(slots_[program].away, value);
    }
  }
  for (const Slot session : joining) {
    if (sessions_.has_mailbox(session)) notify(session, time);
  }
}

const state::SaidAway* said_away(const Sessions& sessions, Slot member) {
  if (!sessions.has_mailbox(member)) return nullptr;
  const state::SaidAway& said = state::said_away(sessions.native(member).away);
  return said.is_away != 0 ? &said : nullptr;
}

std::string_view away_text(const Sessions& sessions, const RoomRights& rights, Slot member,
                           WallTime now) {
  const state::SaidAway* const said = said_away(sessions, member);
  if (said == nullptr || rights.mute_of(member, now) != nullptr) return {};
  return view_of(said->text);
}

}  // namespace chatd::chat
