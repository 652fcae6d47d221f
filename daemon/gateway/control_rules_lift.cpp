// SPDX-License-Identifier: GPL-3.0-or-later
// How rules are listed, found by the text of an administrator, and removed.
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "common/wire/control/rule_verbs.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/control_rules.hpp"
#include "daemon/gateway/rule_log.hpp"
#include "daemon/gateway/rule_row.hpp"

namespace chatd::gateway {

using state::RoomPlace;
using state::RuleIndex;
using state::RuleKind;

namespace {

const wire::Verb& lifting_verb(RuleKind kind) {
  return kind == RuleKind::mute ? wire::verb::kUnmute.row : wire::verb::kUnban.row;
}

}  // namespace

// --- search ------------------------------------------------------------------------

ControlRules::Search ControlRules::search_for(RuleKind kind, std::string_view text) const {
  return {.kind = kind,
          .text = text,
          .targets = rule_targets(text, chat_.sessions, persons_).value_or(std::vector<Target>{})};
}

std::vector<RuleIndex> ControlRules::find(const Search& search,
                                          const std::optional<RoomPlace>& room) const {
  std::vector<RuleIndex> found;
  chat_.rules.for_each_of(chat::RoomRights::id_of(room), [&](RuleIndex index) {
    const state::RuleSlot& rule = chat_.rules.row(index);
    if (rule.kind != search.kind) return;
    if (is_rule_of(rule, search.text, search.targets)) found.push_back(index);
  });
  return found;
}

std::optional<RuleIndex> ControlRules::find_id(std::string_view text) const {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), id);
  if (error != std::errc{} || end != text.end()) return std::nullopt;
  const auto rule = chat_.rules.find_id(state::RuleId{id});
  return rule && is_restriction(chat_.rules.row(*rule).kind) ? rule : std::nullopt;
}

std::optional<RuleIndex> ControlRules::find_number(RuleKind kind, std::string_view text,
                                                   const std::optional<RoomPlace>& room) const {
  const auto rule = find_id(text);
  if (!rule || chat_.rules.row(*rule).kind != kind) return std::nullopt;
  return !room || chat_.rules.row(*rule).room == room->id ? rule : std::nullopt;
}

std::optional<RoomPlace> ControlRules::find_room_with(const Search& search) const {
  std::optional<RoomPlace> found;
  chat::for_each_room(chat_.rooms, [&](const RoomPlace& room) {
    if (!found && !find(search, room).empty()) found = room;
  });
  return found;
}

// --- removal -----------------------------------------------------------------------

// A rule of a room is removed as its owners do it, with a record in the room. Their command names a
// user, and removes all rules for this user: if `rules` does not have all of these, or if the name
// belongs to another member now, the rule is removed without a record.
void ControlRules::remove(RuleIndex index, const ControlRooms::Room& room,
                          std::span<const RuleIndex> rules, chat::Now now) {
  const state::RuleSlot& rule = chat_.rules.row(index);
  const state::RuleId id{rule.id};
  if (room) {
    const std::string name{view_of(rule.name)};
    const bool is_for_these = std::ranges::all_of(
        find(search_for(rule.kind, name), room),
        [&](RuleIndex other) { return std::ranges::find(rules, other) != rules.end(); });
    if (is_for_these) {
      (void)chat_.moderation.moderate(
          by_administrator(now), room,
          {.action = rule.kind == RuleKind::ban ? wire::ModerateAction::unban
                                                : wire::ModerateAction::unmute,
           .name = name});
    }
  }
  if (const auto left = chat_.rules.find_id(id)) chat_.rules.remove(*left);
}

// The sentence names the command that was probably meant: the number is that of a rule of another
// kind or room, or only a room has a rule for the target.
std::unexpected<control::Refusal> ControlRules::refuse_to_lift(
    const Search& search, const ControlRooms::Room& room) const {
  const auto& [kind, target, targets] = search;
  const auto in = [this](const ControlRooms::Room& where) {
    return where ? " in #" + rooms_.name_of(where) : " in the whole server";
  };
  std::string why = fmt::format("there is no {} of {}{}", name_of(kind), target, in(room));
  if (const auto rule = find_id(target)) {
    const state::RuleSlot& row = chat_.rules.row(*rule);
    const auto other = rooms_.place_of(row.room);
    why += fmt::format("; {} is the number of a {}{}: {}", target, name_of(row.kind), in(other),
                       row_of(row, name_in_rows(other)).undo);
  } else if (const auto other = room ? std::nullopt : find_room_with(search)) {
    why += fmt::format(", but one in #{0}: chatctl un{1} {2} --room {0}", rooms_.name_of(other),
                       name_of(kind), target);
  } else {
    why += "; chatctl bans shows all";
  }
  return refuse_request(wire::code::kNotFound, std::move(why));
}

control::Answer<wire::LiftedReport> ControlRules::lift(RuleKind kind, const control::Args& args,
                                                       const control::Caller& caller) {
  const auto asked = find_room(room_in(args, lifting_verb(kind)));
  if (!asked) return std::unexpected{asked.error()};
  const Search search = search_for(kind, args[0]);
  ControlRooms::Room room = *asked;
  std::vector<RuleIndex> found;
  if (const auto number = find_number(kind, search.text, room)) {
    found.push_back(*number);
    room = rooms_.place_of(chat_.rules.row(*number).room);
  } else {
    found = find(search, room);
  }
  if (found.empty()) return refuse_to_lift(search, room);
  wire::LiftedReport report{.is_saved = rooms_.unsaved(room)};
  for (const RuleIndex rule : found) {
    report.rules.push_back(row_of(chat_.rules.row(rule), name_in_rows(room)));
  }
  for (const RuleIndex rule : found) remove(rule, room, found, control_now());
  for (const wire::RuleRow& row : report.rules) {
    log_rule_removed(row, std::to_string(caller.uid));
  }
  return report;
}

// --- lists -------------------------------------------------------------------------

void ControlRules::add_rows(const ControlRooms::Room& room, WallTime now,
                            std::vector<wire::RuleRow>& rows) const {
  const std::string name = name_in_rows(room);
  chat_.rules.for_each_of(chat::RoomRights::id_of(room), [&](RuleIndex index) {
    const state::RuleSlot& rule = chat_.rules.row(index);
    if (is_restriction(rule.kind) && !has_ended(rule, now)) rows.push_back(row_of(rule, name));
  });
}

std::vector<wire::RuleRow> ControlRules::rows(const ControlRooms::Room& room) const {
  std::vector<wire::RuleRow> rows;
  add_rows(room, wall_now(), rows);
  std::ranges::sort(rows, {}, &wire::RuleRow::id);
  return rows;
}

control::Answer<wire::RulesReport> ControlRules::list(
    const std::optional<std::string_view>& name) const {
  if (name) {
    const auto room = rooms_.find(*name);
    if (!room) return std::unexpected{room.error()};
    return wire::RulesReport{rows(*room)};
  }
  wire::RulesReport report;
  const WallTime now = wall_now();
  add_rows(std::nullopt, now, report.rules);
  chat::for_each_room(chat_.rooms,
                      [&](const RoomPlace& room) { add_rows(room, now, report.rules); });
  std::ranges::sort(report.rules, {}, &wire::RuleRow::id);
  return report;
}

}  // namespace chatd::gateway
