// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/moderation.hpp"

#include <array>
#include <utility>

#include "common/crypto/random.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/unicode.hpp"
#include "daemon/chat/action_table.hpp"
#include "daemon/chat/each_room.hpp"

namespace chatd::chat {

using state::RecordKind;
using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;
using state::RuleTarget;
using wire::ModerateAction;
using wire::Reason;
using wire::RoomProperty;

namespace {

// Returns what wire::clean_text() returns, or an empty text if that is the fault.
std::expected<std::string_view, Reason> clean_or_empty(std::string_view text, std::size_t limit,
                                                       std::span<char> out) {
  const auto shown = wire::clean_text(text, limit, out);
  if (shown) return *shown;
  if (shown.error() == wire::TextFault::empty) return std::string_view{};
  return std::unexpected{reason_of(shown.error())};
}

// The end of a hidden room's name: 28^8 possibilities. Without vowels it is not a word.
constexpr std::string_view kHiddenCharacters = "bcdfghjkmnpqrstvwxyz23456789";
constexpr std::size_t kHiddenLength = 8;

std::string random_end() {
  std::string end{"-"};
  while (end.size() <= kHiddenLength) {
    std::array<std::byte, kHiddenLength> random{};
    crypto::fill_random(random);
    for (const std::byte byte : random) {
      // Each character is equally likely.
      const auto value = std::to_integer<std::size_t>(byte);
      constexpr std::size_t kEnd = 256 / kHiddenCharacters.size() * kHiddenCharacters.size();
      if (value < kEnd && end.size() <= kHiddenLength) {
        end += kHiddenCharacters[value % kHiddenCharacters.size()];
      }
    }
  }
  return end;
}

// The name without the end that it got when the room became hidden before.
std::string_view without_random_end(std::string_view name) {
  if (name.size() <= kHiddenLength + 1) return name;
  const std::string_view end = name.substr(name.size() - kHiddenLength);
  const bool is_random = name[name.size() - kHiddenLength - 1] == '-' &&
                         end.find_first_not_of(kHiddenCharacters) == std::string_view::npos;
  return is_random ? name.substr(0, name.size() - kHiddenLength - 1) : name;
}

}  // namespace

// --- topic and properties ------------------------------------------------------------

Role Moderation::role_of(const By& by, const Where& room) const {
  return by.member ? rights_.role(*by.member, room, by.now.wall) : Role::administrator;
}

std::vector<state::RoomId> Moderation::rooms_with_role(Slot member) const {
  constexpr WallTime kAnyTime{};  // a role has no end
  std::vector<state::RoomId> ids;
  for (const state::RoomIndex room : rooms_.rooms_of(member)) {
    ids.push_back(state::RoomId{rooms_.row(room).id.load(std::memory_order_relaxed)});
  }
  ids.push_back(state::kDefaultRoom);
  std::erase_if(ids, [&](state::RoomId room) {
    return rights_.role(sessions_.person(member), room, kAnyTime) == Role::none;
  });
  return ids;
}

Moderation::Done Moderation::set_topic(const By& by, const Where& room, std::string_view topic) {
  std::vector<char> buffer(topic.size());
  const auto text = clean_or_empty(topic, state::kMaxTopicBytes, buffer);
  if (role_of(by, room) < RoomRights::kSetsTopic) return std::unexpected{Reason::no_right};
  if (by.member && rights_.is_muted(*by.member, room, by.now.wall)) {
    return std::unexpected{Reason::muted};
  }
  if (!text) return std::unexpected{text.error()};
  return changes_.carry_out(by, room, RecordKind::topic, *text);
}

Moderation::Done Moderation::set(const By& by, const Where& room,
                                 const wire::RoomSetting& setting) {
  const Role own = role_of(by, room);
  if (own < RoomRights::least_role(setting.property) || setting.property == RoomProperty::name) {
    return std::unexpected{Reason::no_right};
  }
  // Every member of the server is in the default room.
  const bool is_for_further = wire::is_about_entry(setting.property);
  if (!room && is_for_further) return std::unexpected{Reason::no_right};
  const bool is_hidden = rights_.properties(room).is_hidden.load(std::memory_order_relaxed);
  if (setting.property == RoomProperty::hidden && setting.value != 0 && !is_hidden) {
    hide(by, *room);
  }
  std::array<char, wire::kMaxSettingBytes> text{};
  return changes_.carry_out(by, room, RecordKind::set, write_setting(setting, text));
}

Moderation::Done Moderation::rename(const By& by, const state::RoomPlace& room,
                                    std::string_view name) {
  const auto checked = rooms_.check_name(name, room.index);
  if (!checked) return std::unexpected{checked.error()};
  const bool is_hidden = rights_.properties(room).is_hidden.load(std::memory_order_relaxed);
  return post_name(by, room, is_hidden ? hidden_name(checked->text, room) : checked->text);
}

Moderation::Done Moderation::post_name(const By& by, const state::RoomPlace& room,
                                       std::string_view name) {
  std::array<char, wire::kMaxSettingBytes> text{};
  return changes_.carry_out(
      by, room, RecordKind::set,
      wire::write_setting({.property = RoomProperty::name, .name = name}, text));
}

// Gives the room a new name, because users know or guess the old one. The record of the new name
// has no end of a command: the record `set` that follows has it. If the gateway is killed in
// between, the command is sent again, and the room gets another random end.
void Moderation::hide(const By& by, const state::RoomPlace& room) {
  const By without_end{.member = by.member, .now = by.now};
  (void)post_name(without_end, room, hidden_name(rooms_.name(room.index), room));
}

std::string Moderation::hidden_name(std::string_view of, const state::RoomPlace& room) const {
  std::string begin{without_random_end(of)};
  for (;;) {
    std::string name = begin + random_end();
    if (const auto checked = rooms_.check_name(name, room.index)) return checked->text;
    // Too long: the last character of the old name is left out.
    begin = begin.empty() ? "room" : wire::cut_to(begin, begin.size() - 1);
  }
}

// --- rules for other users -------------------------------------------------------------

std::expected<Moderation::Moderated, Reason> Moderation::moderate(
    const By& by, const Where& room, const wire::Moderation& moderation) {
  // Before the target is searched: members without a role have no right to any action.
  const Role own = role_of(by, room);
  if (own == Role::none) return std::unexpected{Reason::no_right};
  std::array<char, wire::kMaxModerationReason> reason{};
  if (moderation.reason.size() > reason.size()) return std::unexpected{Reason::text_too_long};
  const auto shown = clean_or_empty(moderation.reason, reason.size(), reason);
  if (!shown) return std::unexpected{shown.error()};
  // Other members read the name and the reason.
  if (by.member && rights_.is_muted(*by.member, room, by.now.wall)) {
    return std::unexpected{Reason::muted};
  }
  const auto named = wire::read_named(moderation.name);
  const auto target = changes_.find_target(room, named.name, by.now.wall);
  if (!target) return std::unexpected{Reason::no_such_member};
  // A text member has a person, too.
  const state::PersonId person = target->slot ? sessions_.person(*target->slot) : target->person;
  if (is_another(named, person)) return std::unexpected{Reason::other_person};
  wire::Moderation change{.action = moderation.action,
                          .seconds = moderation.seconds,
                          .name = target->name,
                          .reason = *shown};
  if (change.action == ModerateAction::invite && change.seconds == 0) {
    change.seconds = static_cast<std::uint32_t>(kInvitationTime.count());
  }
  const Attempt attempt{
      .by = by, .room = room, .moderation = change, .target = *target, .own = own};
  if (const auto refused = reason_not_to(attempt)) return std::unexpected{*refused};
  std::array<char, wire::kMaxModerationBytes> text{};
  return Moderated{.name = target->name,
                   .reason = std::string{*shown},
                   .seconds = change.seconds,
                   .removals = changes_.carry_out(by, room, RecordKind::moderated,
                                                  write_moderation(change, text))};
}

std::optional<Reason> Moderation::reason_not_to(const Attempt& attempt) {
  if (const auto reason = reason_of_roles(attempt)) return reason;
  const ModerateAction action = attempt.moderation.action;
  const ActionRow& row = row_of(action);
  const Target& target = attempt.target;
  // Every member of the server is in the default room.
  if (!attempt.room && action == ModerateAction::invite) return Reason::no_right;
  if (row.needs_key()) {
    if (!target.slot && !target.is_owner) return Reason::no_such_member;
    if (target.person == state::PersonId{}) return Reason::not_native;
  }
  if (action == ModerateAction::kick) {
    const bool is_in =
        target.slot && (!attempt.room || rooms_.has_member(*target.slot, attempt.room->id));
    return is_in ? std::nullopt : std::optional{Reason::no_such_member};
  }
  const bool invites_banned =
      action == ModerateAction::invite && is_banned(target, attempt.room, attempt.by.now.wall);
  if (invites_banned) return Reason::banned_here;
  if (row.makes) return reason_not_to_add(attempt, *row.makes);
  if (row.lifts) return reason_not_to_remove(attempt, *row.lifts);
  return std::nullopt;
}

bool Moderation::is_banned(const Target& target, const Where& room, WallTime now) const {
  if (target.slot) return rights_.ban_of(*target.slot, RoomRights::id_of(room), now).has_value();
  const std::string folded = wire::folded_name(target.name);
  const Rules::Subject subject{.person = target.person, .folded_name = folded};
  return rules_.find(RuleKind::ban, subject, RoomRights::id_of(room), now).has_value();
}

// A role acts on lower ones only, except that a member may give up its own role.
std::optional<Reason> Moderation::reason_of_roles(const Attempt& attempt) const {
  const auto& [by, room, moderation, target, own] = attempt;
  const ModerateAction action = moderation.action;
  const bool is_self = by.member && target.person != state::PersonId{} &&
                       target.person == sessions_.person(*by.member);
  const bool steps_down = is_self && own != Role::none &&
                          (action == ModerateAction::no_role ||
                           (action == ModerateAction::moderator && own == Role::owner));
  if (own < row_of(action).least_role && !steps_down) return Reason::no_right;
  // To give a role to a user that has it already changes nothing, and takes nothing from the user.
  const bool has_it_already = row_of(action).gives() == target.role;
  if (target.role >= own && !steps_down && !has_it_already) return Reason::higher_role;
  if (action == ModerateAction::no_role && target.role == Role::none) return Reason::no_such_rule;
  const bool takes_ownership =
      action == ModerateAction::no_role || action == ModerateAction::moderator;
  if (takes_ownership && changes_.is_last_owner(room, target, by.now.wall)) {
    return Reason::last_owner;
  }
  return std::nullopt;
}

std::optional<Reason> Moderation::reason_not_to_add(const Attempt& attempt, RuleKind kind) {
  const std::string_view by =
      attempt.by.member ? sessions_.name(*attempt.by.member) : std::string_view{};
  const auto rule =
      changes_.making(attempt.room, attempt.target, attempt.moderation, by, attempt.by.now.wall);
  const auto same = rules_.find_same(rule);
  if (same && attempt.by.member && view_of(rules_.row(*same).by).empty() && is_restriction(kind)) {
    return Reason::no_right;
  }
  if (!same && is_restriction(kind) && attempt.room && is_network_full(*attempt.room)) {
    return Reason::rules_full;
  }
  return rules_.reason_not_to_add(rule);
}

// A user makes rooms with many keys, which are free. So the rooms of one network have a limit
// together, and leave rules to the other rooms.
bool Moderation::is_network_full(const state::RoomPlace& room) const {
  const state::RoomSlot& own = rooms_.row(room.index);
  if (own.maker_end == 0 || is_loopback(own.maker_network)) return false;
  std::uint32_t rules = 0;
  for_each_room(rooms_, [&](const state::RoomPlace& place) {
    const state::RoomSlot& other = rooms_.row(place.index);
    if (other.maker_end == 0 || !(other.maker_network == own.maker_network)) return;
    rules += rules_.restrictions_of(place.id);
  });
  return rules >= kRestrictionsOfANetwork;
}

std::optional<Reason> Moderation::reason_not_to_remove(const Attempt& attempt,
                                                       RuleKind kind) const {
  bool is_there = false;
  bool may_lift = false;  // one of them at least
  rules_.for_each_of(RoomRights::id_of(attempt.room), [&](RuleIndex index) {
    const RuleSlot& rule = rules_.row(index);
    if (rule.kind != kind || has_ended(rule, attempt.by.now.wall)) return;
    if (!RoomChanges::is_for(rule, attempt.target)) return;
    is_there = true;
    may_lift |= !attempt.by.member || !view_of(rule.by).empty();
  });
  if (!is_there) return Reason::no_such_rule;
  return may_lift ? std::nullopt : std::optional{Reason::no_right};
}

}  // namespace chatd::chat
