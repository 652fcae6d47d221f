// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_rights.hpp"

#include <algorithm>
#include <array>

namespace chatd::chat {

using state::RoomId;
using state::RuleIndex;
using state::RuleKind;
using wire::Reason;
using wire::RoomProperty;

namespace {

// The kinds of rules with which a person enters a room for invited members.
constexpr std::array kGrants{RuleKind::invitation, RuleKind::moderator, RuleKind::owner};

}  // namespace

// If the rate of members is switched off in the configuration, that of rooms is off, too.
RoomRights::RoomRights(const state::StateView& state, const config::Config& config,
                       const Sessions& sessions, Rules& rules, const KnownPersons& known, Owns owns)
    : state_{state},
      sessions_{sessions},
      rules_{rules},
      known_{known},
      owns_{std::move(owns)},
      slow_{state.geometry().sessions},
      rates_{state.geometry().rooms, config.limits.messages_per_second > 0},
      too_fast_(state.geometry().rooms) {}

// --- roles -------------------------------------------------------------------------

Role RoomRights::role(state::PersonId person, RoomId room, WallTime now) const {
  if (rules_.has(RuleKind::owner, person, room, now)) return Role::owner;
  if (rules_.has(RuleKind::moderator, person, room, now)) return Role::moderator;
  return Role::none;
}

Role RoomRights::role(Slot member, const Where& room, WallTime now) const {
  if (sessions_.is_plain(member)) return Role::none;
  return role(sessions_.person(member), id_of(room), now);
}

bool RoomRights::is_on_list(state::PersonId person, RoomId room, WallTime now) const {
  return std::ranges::any_of(kGrants,
                             [&](RuleKind kind) { return rules_.has(kind, person, room, now); });
}

Role RoomRights::least_role(RoomProperty property) noexcept {
  switch (property) {
    case RoomProperty::slow:
      return Role::moderator;
    case RoomProperty::invited:
    case RoomProperty::hidden:
    case RoomProperty::lecture:
    case RoomProperty::enter:
    case RoomProperty::history:
      return Role::owner;
    case RoomProperty::name:
      break;
  }
  return Role::administrator;
}

// --- find and enter ----------------------------------------------------------------

std::optional<RuleIndex> RoomRights::restriction(RuleKind kind, Slot member, RoomId room,
                                                 WallTime now) const {
  if (!rules_.has_any(kind)) return std::nullopt;
  return rules_.find(kind, sessions_.subject(member), room, now);
}

bool RoomRights::may_enter(Slot member, const Where& room, WallTime now) const {
  if (ban_of(member, id_of(room), now)) return false;
  const state::PersonId person = sessions_.person(member);
  if (sessions_.is_plain(member)) return is_open_to_plain(room);
  if (is_open_to(standing_of(person, now), room)) return true;
  return is_on_list(person, id_of(room), now);
}

bool RoomRights::is_open_to_plain(const Where& room) const {
  return is_open_to(Standing::anyone, room) &&
         !properties(room).is_hidden.load(std::memory_order_relaxed);
}

RoomRights::Standing RoomRights::standing_of(state::PersonId person, WallTime now) const {
  const bool is_known = known_.is_known(person, now);
  if (owns_(person)) return Standing::owned;
  return is_known ? Standing::known : Standing::anyone;
}

bool RoomRights::is_open_to(Standing standing, const Where& room) const {
  const state::RoomProperties& set = properties(room);
  return !set.is_invited.load(std::memory_order_relaxed) &&
         standing >= set.enter.load(std::memory_order_relaxed);
}

RoomRights::Entry RoomRights::entry_of(Slot member, RoomId room, WallTime now) const {
  const state::PersonId person = sessions_.person(member);
  bool is_listed = false;
  bool has_role = false;
  for (const RuleKind kind : kGrants) {  // all of them, see the header
    const bool has_it = rules_.has(kind, person, room, now);
    is_listed |= has_it;
    has_role |= has_it && role_given_by(kind);
  }
  return {.ban = rules_.find_ban(sessions_.subject(member), room, has_role, now),
          .is_listed = is_listed,
          .standing = standing_of(person, now)};
}

bool RoomRights::may_find(Slot member, const state::RoomPlace& room, WallTime now) const {
  return !properties(room).is_hidden.load(std::memory_order_relaxed) &&
         may_enter(member, room, now);
}

// Offsets and numbers are two orders of one log. They are compared separately, because a service
// that begins with the rules of another one has no offsets of what was said before it.
RoomRights::First RoomRights::first_readable(Slot member, const state::RoomPlace& room,
                                             state::Offset tail, WallTime now) const {
  const state::RoomProperties& set = properties(room);
  const std::uint64_t next =
      state_.room_slot(room.index).head.next_sequence.load(std::memory_order_relaxed);
  First of_all{.offset = tail, .number = next};
  if (!set.is_invited.load(std::memory_order_relaxed)) {
    of_all.offset = std::max<std::uint64_t>(set.open_since.load(std::memory_order_relaxed),
                                            state::first_offset(room.id));
    of_all.number = set.open_since_number.load(std::memory_order_relaxed);
  }
  const First own = since(sessions_.person(member), room.id, now);
  const First first = own.offset == 0 ? of_all
                                      : First{.offset = std::min(own.offset, of_all.offset),
                                              .number = std::min(own.number, of_all.number)};
  return {.offset = std::min<std::uint64_t>(first.offset, tail),
          .number = std::min(first.number, next)};
}

std::uint64_t RoomRights::first_number(Slot member, const Where& room, WallTime now) const {
  if (!room) return 0;
  return first_readable(member, *room, state_.room_log(room->index).tail(), now).number;
}

RoomRights::First RoomRights::since(state::PersonId person, RoomId room, WallTime now) const {
  First first{.offset = 0, .number = state::kNoNumber};
  for (const RuleKind kind : kGrants) {
    const auto rule = rules_.find(kind, {.person = person}, room, now);
    const std::uint64_t since = rule ? rules_.row(*rule).since.load(std::memory_order_relaxed) : 0;
    if (since == 0) continue;
    first.offset = first.offset == 0 ? since : std::min(first.offset, since);
    first.number =
        std::min(first.number, rules_.row(*rule).since_number.load(std::memory_order_relaxed));
  }
  return first;
}

void RoomRights::keep_readable(Slot member, const state::RoomPlace& room, state::Offset tail,
                               WallTime now) {
  const First first = first_readable(member, room, tail, now);
  for (const RuleKind kind : kGrants) {
    const auto rule = rules_.find(kind, {.person = sessions_.person(member)}, room.id, now);
    if (rule && rules_.row(*rule).since.load(std::memory_order_relaxed) == 0) {
      rules_.set_since(*rule, first);
    }
  }
}

void RoomRights::entered(Slot member, const state::RoomPlace& room, state::Offset tail,
                         WallTime now) {
  keep_readable(member, room, tail, now);
  const auto rule =
      rules_.find(RuleKind::invitation, {.person = sessions_.person(member)}, room.id, now);
  if (rule && rules_.row(*rule).until_wall.load(std::memory_order_relaxed) != 0) {
    rules_.set_until(*rule, WallTime{});
  }
}

// --- write -------------------------------------------------------------------------

const state::RuleSlot* RoomRights::mute_of(Slot member, WallTime now) const {
  const auto rule = restriction(RuleKind::mute, member, state::kDefaultRoom, now);
  return rule ? &rules_.row(*rule) : nullptr;
}

bool RoomRights::is_muted_in(Slot member, RoomId room, WallTime now) {
  const auto rule = restriction(RuleKind::mute, member, room, now);
  if (rule) rules_.hit(*rule, now);
  return rule.has_value();
}

bool RoomRights::is_muted(Slot member, const Where& room, WallTime now) {
  return is_muted_in(member, state::kDefaultRoom, now) ||
         (room && is_muted_in(member, room->id, now));
}

bool RoomRights::is_too_fast(Slot member, const state::RoomPlace& room, Now now) {
  if (!rates_.refuse(room.index, sessions_.where(member).address, now.mono)) return false;
  const bool has_role = role(member, room, now.wall) != Role::none;
  if (has_role && !rates_.refuse_role(room.index, now.mono)) return false;
  TooFast& refused = too_fast_[static_cast<std::uint32_t>(room.index)];
  if (refused.room != room.id) refused = {.room = room.id};
  ++refused.messages;
  return true;
}

std::uint64_t RoomRights::too_fast(const state::RoomPlace& room) const {
  const TooFast& refused = too_fast_[static_cast<std::uint32_t>(room.index)];
  return refused.room == room.id ? refused.messages : 0;
}

// The rates of the room are charged last: a message that is refused for another reason does not use
// up what the other members have.
std::optional<Reason> RoomRights::reason_not_to_say(Slot member, const Where& room, Now now) {
  if (is_muted(member, room, now.wall)) return Reason::muted;
  const state::RoomProperties& set = properties(room);
  const bool is_lecture = set.is_lecture.load(std::memory_order_relaxed);
  const std::chrono::seconds slow{set.slow_seconds.load(std::memory_order_relaxed)};
  const bool is_limited =
      (is_lecture || slow.count() != 0) && role(member, room, now.wall) == Role::none;
  if (is_limited && is_lecture) return Reason::lecture;
  const state::PersonId person = sessions_.person(member);
  const bool is_slow = is_limited && slow.count() != 0;
  if (is_slow && !slow_.may_write(id_of(room), person, slow, now.mono)) return Reason::slow_mode;
  if (room && is_too_fast(member, *room, now)) return Reason::room_too_fast;
  if (is_slow) slow_.note(id_of(room), person, now.mono);
  return std::nullopt;
}

RoomRights::Origin RoomRights::origin(const Where& room) const noexcept {
  if (!room) return {.born = 0, .begin = state_.room_head().begin_sequence};
  const state::RoomSlot& slot = state_.room_slot(room->index);
  return {.born = slot.born, .begin = slot.head.begin_sequence};
}

}  // namespace chatd::chat
