// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_changes.hpp"

#include <array>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/removal_sentences.hpp"
#include "common/wire/rule_sentences.hpp"
#include "daemon/chat/action_table.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/chat/rule_hits.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/chat/said_lines.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

using state::RecordKind;
using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;
using state::RuleTarget;
using wire::ModerateAction;
using wire::RoomProperty;

namespace {

std::uint32_t change_of(const RoomChanges::Where& room) {
  return room ? state::kChangeOfFirstRow + static_cast<std::uint32_t>(room->index)
              : state::kChangeOfDefaultRoom;
}

// "by ada: noise", "by the administrator".
std::string kick_text(std::string_view by, std::string_view reason) {
  const std::string_view who = by.empty() ? wire::kRemovingAdministrator : by;
  const std::string_view mark = reason.empty() ? "" : wire::kRuleReason.en;
  return fmt::format("{}{}{}{}", wire::kRemovedBy, who, mark, reason);
}

std::string ban_text(const RuleSlot& rule) {
  std::array<char, state::kMaxReasonBytes> text{};
  return std::string{rule_text(rule, wire::Language::en, text)};
}

std::optional<state::RoomPlace> room_of(const Rooms& rooms, state::RoomIndex row) {
  const auto place = rooms.next(static_cast<std::uint32_t>(row));
  return place && place->index == row ? place : std::nullopt;
}

}  // namespace

RoomChanges::Removals RoomChanges::carry_out(const By& by, const Where& room, RecordKind kind,
                                             std::string_view text) {
  const std::string name{by.member ? sessions_.name(*by.member) : std::string_view{}};
  const logs::Entry entry{
      .kind = kind,
      .sender = by.member ? std::optional{sessions_.sender(*by.member)} : std::nullopt,
      .name = name,
      .text = text,
      .time = by.now.wall,
      .uplink_offset = by.end};
  state::RuleHead& head = state_.rule_head();
  head.change_at.store(tail(room), std::memory_order_relaxed);
  state::crash_point();
  head.change_of.store(change_of(room), std::memory_order_release);
  state::crash_point();
  if (room) {
    rooms_.post(room->index, entry);
  } else {
    default_room_.post(entry);
  }
  state::crash_point();
  auto removals =
      apply(room, {.kind = kind, .by = name, .text = text, .time = by.now.wall}, by.now);
  if (removals.empty()) removed();
  return removals;
}

void RoomChanges::removed() {
  state_.rule_head().change_of.store(state::kNoChange, std::memory_order_release);
  state::crash_point();
}

RoomChanges::Removals RoomChanges::apply(const Where& room, const Change& change, Now now) {
  switch (change.kind) {
    case RecordKind::topic:
      state::set_topic(state_.registry_head(), rights_.properties(room), change.by, change.text,
                       change.time);
      break;
    case RecordKind::set:
      apply_setting(room, change);
      break;
    case RecordKind::moderated:
      return apply_moderation(room, change, now);
    case RecordKind::erased:
      if (const auto lines = wire::read_erased(change.text)) blank_lines(log_of(room), *lines);
      break;
    default:
      break;
  }
  return {};
}

void RoomChanges::apply_setting(const Where& room, const Change& change) {
  const auto setting = wire::read_setting(change.text);
  if (!setting) return;
  state::RoomProperties& properties = rights_.properties(room);
  state::RegistryHead& head = state_.registry_head();
  const bool is_on = setting->value != 0;
  switch (setting->property) {
    case RoomProperty::invited:
      if (room && is_on) invite_members(*room, change);
      if (!is_on && properties.is_invited.load(std::memory_order_relaxed)) {
        open_to_all(head, properties, {.offset = tail(room), .number = next_number(room)});
        break;
      }
      [[fallthrough]];
    case RoomProperty::hidden:
    case RoomProperty::lecture:
    case RoomProperty::slow:
    case RoomProperty::enter:
      set_property(head, properties, setting->property, setting->value);
      break;
    case RoomProperty::history:
      set_history(head, properties, setting->value, next_number(room));
      break;
    case RoomProperty::name: {
      if (!room) break;
      const auto name = rooms_.check_name(setting->name, room->index);
      if (name) rooms_.rename(room->index, *name);
      break;
    }
  }
  state::crash_point();
}

// An invitation that is there stays: a new one for each member and each change would soon use up
// the ids of rules. When the list is full, the other members stay in the room until they leave.
void RoomChanges::invite_members(const state::RoomPlace& room, const Change& change) {
  bool is_full = false;
  for_each_member(rooms_, room.index, [&](Slot member) {
    const state::Offset tail = rooms_.tail(room.index);
    const state::PersonId person = sessions_.person(member);
    if (rights_.is_on_list(person, room.id, change.time)) {
      return rights_.entered(member, room, tail, change.time);
    }
    if (is_full) return;
    const auto first = rights_.first_readable(member, room, tail, change.time);
    const auto invited = rules_.add({.kind = RuleKind::invitation,
                                     .target = RuleTarget::person,
                                     .room = room.id,
                                     .person = person,
                                     .name = sessions_.name(member),
                                     .by = change.by,
                                     .now = change.time,
                                     .since = first.offset,
                                     .since_number = first.number});
    is_full = !invited;
    state::crash_point();
  });
}

// --- targets -------------------------------------------------------------------------

std::optional<RoomChanges::Target> RoomChanges::find_target(const Where& room,
                                                            std::string_view name,
                                                            WallTime now) const {
  if (const auto slot = sessions_.find_name(name)) {
    Target target{.slot = slot, .name = std::string{sessions_.name(*slot)}};
    if (sessions_.has_mailbox(*slot)) {
      target.person = sessions_.person(*slot);
      target.role = rights_.role(*slot, room, now);
    }
    return target;
  }
  const Names* const names = sessions_.persons().names();
  const auto owner = names == nullptr ? std::nullopt : names->owner(wire::folded_name(name));
  if (owner) {
    return Target{.person = *owner,
                  .name = std::string{names->name_of(*owner).value_or(name)},
                  .role = rights_.role(*owner, RoomRights::id_of(room), now),
                  .is_owner = true};
  }
  if (auto target = target_of_rule(RoomRights::id_of(room), name, now)) return target;
  const auto checked = wire::check_name(name);
  if (!checked) return std::nullopt;
  return Target{.name = checked->text};
}

std::optional<RoomChanges::Target> RoomChanges::target_of_rule(state::RoomId room,
                                                               std::string_view name,
                                                               WallTime now) const {
  const std::string folded = wire::folded_name(name);
  const RuleSlot* latest = nullptr;
  rules_.for_each_of(room, [&](RuleIndex index) {
    const RuleSlot& rule = rules_.row(index);
    if (rule.target != RuleTarget::person || has_ended(rule, now)) return;
    if (wire::folded_name(view_of(rule.name)) != folded) return;
    if (latest == nullptr || rule.id > latest->id) latest = &rule;
  });
  if (latest == nullptr) return std::nullopt;
  return Target{.person = latest->person,
                .name = std::string{view_of(latest->name)},
                .role = rights_.role(latest->person, room, now)};
}

bool RoomChanges::is_last_owner(const Where& room, const Target& target, WallTime now) const {
  if (target.role != Role::owner) return false;
  std::uint32_t owners = 0;
  rules_.for_each_of(RoomRights::id_of(room), [&](RuleIndex index) {
    const RuleSlot& rule = rules_.row(index);
    if (rule.kind == RuleKind::owner && !has_ended(rule, now)) ++owners;
  });
  return owners <= 1;
}

// --- rules ---------------------------------------------------------------------------

state::RuleTable::Making RoomChanges::making(const Where& room, const Target& target,
                                             const wire::Moderation& moderation,
                                             std::string_view by, WallTime time) const {
  const bool is_person = target.person != state::PersonId{};
  const ActionRow& row = row_of(moderation.action);
  WallTime until{};
  if (row.is_for_a_time() && moderation.seconds != 0) {
    until = time + std::chrono::seconds{moderation.seconds};
  }
  const bool is_in = room && target.slot && rooms_.has_member(*target.slot, room->id);
  const RoomRights::First since = since_of(room, target, is_in, time);
  // A member that is in the room stays on its list.
  if (moderation.action == ModerateAction::invite && is_in) until = WallTime{};
  return {.kind = row.makes.value(),
          .target = is_person ? RuleTarget::person : RuleTarget::name,
          .room = RoomRights::id_of(room),
          .person = target.person,
          .name = target.name,
          .by = by,
          .reason = moderation.reason,
          .now = time,
          .until = until,
          .since = since.offset,
          .since_number = since.number};
}

// The rule may replace another rule for the target, or a rule for another role, whose `since` it
// keeps.
RoomRights::First RoomChanges::since_of(const Where& room, const Target& target, bool is_in,
                                        WallTime time) const {
  if (!room || target.person == state::PersonId{}) return {.offset = 0, .number = 0};
  if (!is_in) return rights_.since(target.person, room->id, time);
  return rights_.first_readable(*target.slot, *room, rooms_.tail(room->index), time);
}

bool RoomChanges::is_for(const RuleSlot& rule, const Target& target) {
  if (rule.target == RuleTarget::network) return false;
  const bool is_person = rule.target == RuleTarget::person && target.person != state::PersonId{} &&
                         rule.person == target.person;
  if (is_person || !is_restriction(rule.kind)) return is_person;
  return wire::folded_name(view_of(rule.name)) == wire::folded_name(target.name);
}

void RoomChanges::remove_rules(const Where& room, const Target& target, RuleKind kind,
                               std::string_view by) {
  rules_.for_each_of(RoomRights::id_of(room), [&](RuleIndex index) {
    const RuleSlot& rule = rules_.row(index);
    if (rule.kind != kind || !is_for(rule, target)) return;
    const bool is_the_administrators = is_restriction(kind) && view_of(rule.by).empty();
    if (by.empty() || !is_the_administrators) rules_.remove(index);
  });
}

RoomChanges::Removals RoomChanges::apply_moderation(const Where& room, const Change& change,
                                                    Now now) {
  const auto moderation = wire::read_moderation(change.text);
  if (!moderation) return {};
  const auto target = find_target(room, moderation->name, change.time);
  if (!target) return {};
  const ActionRow& row = row_of(moderation->action);
  std::optional<state::RuleTable::Making> rule;
  if (row.makes) {
    rule = making(room, *target, *moderation, change.by, change.time);
    (void)rules_.add(*rule);
  }
  if (row.lifts) remove_rules(room, *target, *row.lifts, change.by);
  for (const auto kind : row.ends) {
    if (!kind) continue;
    const bool is_kept = kind == RuleKind::owner && is_last_owner(room, *target, change.time);
    if (!is_kept) remove_rules(room, *target, *kind, change.by);
  }
  if (row.action == ModerateAction::kick) {
    return kick(room, *target, change, moderation->reason, now);
  }
  if (row.action == ModerateAction::ban) return remove_banned(room, hit_by(sessions_, *rule), now);
  // A ban for a name is in force for the person now, which had a role.
  if (row.action == ModerateAction::no_role && target->person != state::PersonId{}) {
    return remove_banned(room, sessions_of(sessions_, target->person), now);
  }
  if (row.action == ModerateAction::invite) invite(room, *target, change);
  return {};
}

RoomChanges::Removals RoomChanges::remove_banned(const Where& room, std::span<const Slot> members,
                                                 Now now) {
  Removals removals;
  for (const Slot member : members) {
    const auto ban = rights_.ban_of(member, RoomRights::id_of(room), now.wall);
    if (!ban) continue;
    const RuleSlot& row = rules_.row(*ban);
    const std::string text = ban_text(row);
    if (!room) {
      removals.push_back({.member = member, .reason = text});
    } else {
      (void)admin_.kick(member, room->id, view_of(row.reason), text, now);
    }
  }
  return removals;
}

RoomChanges::Removals RoomChanges::kick(const Where& room, const Target& target,
                                        const Change& change, std::string_view reason, Now now) {
  if (!target.slot) return {};
  const std::string text = kick_text(change.by, reason);
  if (!room) {
    Removals removals;
    for (const Slot program : programs_of(sessions_, *target.slot)) {
      removals.push_back({.member = program, .reason = text});
    }
    return removals;
  }
  (void)admin_.kick(*target.slot, room->id, reason, text, now);
  return {};
}

// If a mailbox has no space, the program is not notified, but the member is invited; the same if it
// has blocked the user that invites it.
void RoomChanges::invite(const Where& room, const Target& target, const Change& change) {
  if (!room || !target.slot) return;
  const auto by = sessions_.find_name(change.by);
  const state::PersonId person = sessions_.person(*target.slot);
  if (by && blocks_.has(person, sessions_.person(*by))) return;
  for (const Slot program : programs_of(sessions_, *target.slot)) {
    (void)mailboxes_.deliver_invited(
        program, {.kind = RecordKind::invited,
                  .sender = by ? std::optional{sessions_.sender(*by)} : std::nullopt,
                  .name = rooms_.name(room->index),
                  .text = change.by,
                  .time = change.time});
  }
}

// --- adoption ------------------------------------------------------------------------

std::optional<RoomChanges::Where> RoomChanges::room_of_change(std::uint32_t change_of) const {
  if (change_of == state::kNoChange) return std::nullopt;
  if (change_of == state::kChangeOfDefaultRoom) return Where{};
  const auto place = room_of(rooms_, state::RoomIndex{change_of - state::kChangeOfFirstRow});
  return place.transform([](const state::RoomPlace& room) { return Where{room}; });
}

RoomChanges::Removals RoomChanges::adopt(Now now) {
  Removals removals;
  const state::RuleHead& head = state_.rule_head();
  const auto room = room_of_change(head.change_of.load(std::memory_order_relaxed));
  const state::Offset at{head.change_at.load(std::memory_order_relaxed)};
  if (room && at < tail(*room)) {
    logs::RecordBuffer buffer;
    logs::LogFollower follower{log_of(*room), buffer, at};
    wire::RecordView record{};
    if (follower.next(record) == logs::LogFollower::Status::record) {
      removals = apply(*room,
                       {.kind = record.header.kind,
                        .by = record.name,
                        .text = record.text,
                        .time = WallTime{Micros{record.header.wall_time}}},
                       now);
    }
  }
  if (removals.empty()) removed();
  // After a snapshot, or after the death of a gateway, a member may be in a room in which it is
  // banned.
  remove_banned(sessions_.with_mailbox(), now);
  return removals;
}

void RoomChanges::remove_banned(std::span<const Slot> sessions, Now now) {
  for (const Slot session : sessions) {
    for (const state::RoomIndex row : rooms_.rooms_of(session)) {
      const Where room = room_of(rooms_, row);
      if (!room || rules_.restrictions_of(room->id) == 0) continue;
      (void)remove_banned(room, {&session, 1}, now);
    }
  }
}

}  // namespace chatd::chat
