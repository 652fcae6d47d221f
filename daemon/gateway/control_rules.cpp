// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "common/wire/control/rule_verbs.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/chat/rule_hits.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/config/duration.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/rule_log.hpp"
#include "daemon/gateway/rule_row.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::RoomPlace;
using state::RuleIndex;
using state::RuleKind;

namespace {

constexpr std::chrono::hours kAddressTime{1};  // the longest rule for a text member's address
constexpr std::chrono::hours kLongest{24 * 3650};
// A rule that hits more members than a quarter of them is too wide, unless they are few.
constexpr std::size_t kFew = 3;

const wire::Verb& placing_verb(RuleKind kind) {
  return kind == RuleKind::mute ? wire::verb::kMute.row : wire::verb::kBan.row;
}

std::expected<WallTime, control::Refusal> read_until(std::string_view text, WallTime now) {
  if (text.empty()) return WallTime{};
  const auto duration = config::parse_duration(text);
  if (!duration || *duration <= std::chrono::milliseconds{0} || *duration > kLongest) {
    return refuse_request(wire::code::kUsage,
                          fmt::format("--for takes a time such as 30s, 10m, 2h or 7d, at most "
                                      "3650d, not \"{}\"",
                                      text));
  }
  return now + *duration;
}

}  // namespace

// --- requests ----------------------------------------------------------------------

std::expected<std::optional<RoomPlace>, control::Refusal> ControlRules::find_room(
    const std::optional<std::string_view>& name) const {
  if (!name) return std::nullopt;
  const auto room = rooms_.find_further(*name, "has the rules of the server: leave --room out");
  if (!room) return std::unexpected{room.error()};
  return *room;
}

std::expected<ControlRules::Request, control::Refusal> ControlRules::read(RuleKind kind,
                                                                          const control::Args& args,
                                                                          chat::Now now) const {
  const auto option = [&](std::string_view name) {
    return option_in(args, placing_verb(kind), name);
  };
  const auto room = find_room(room_in(args, placing_verb(kind)));
  if (!room) return std::unexpected{room.error()};
  auto targets = find_targets(kind, args[0], *room, now);
  if (!targets) return std::unexpected{std::move(targets).error()};
  const auto until = read_until(option("--for"), now.wall);
  if (!until) return std::unexpected{until.error()};
  auto reason = clean_or_empty(option("--reason"), state::kMaxRuleReasonBytes, "--reason");
  if (!reason) return std::unexpected{std::move(reason).error()};
  auto note = clean_or_empty(option("--note"), state::kMaxRuleNoteBytes, "--note");
  if (!note) return std::unexpected{std::move(note).error()};
  if (*room && !note->empty()) {
    return refuse_request(
        wire::code::kUsage,
        "the owners of a room see its rules, which have no note: leave --note out");
  }
  return Request{.targets = std::move(*targets),
                 .room = *room,
                 .target = args[0],
                 .reason = std::move(*reason),
                 .note = std::move(*note),
                 .until = *until,
                 .is_dry_run = !option("--dry-run").empty(),
                 .is_sure = !option("--yes").empty(),
                 .keeps_codes = kind == RuleKind::ban && !option("--keep-invite").empty()};
}

std::expected<std::vector<Target>, control::Refusal> ControlRules::find_targets(
    RuleKind kind, std::string_view text, const std::optional<RoomPlace>& room,
    chat::Now now) const {
  auto targets = rule_targets(text, chat_.sessions, persons_);
  if (!targets) return targets;
  const bool is_network = targets->front().kind == state::RuleTarget::network;
  if (is_network && chat_.sessions.find_name(text)) {
    return refuse_request(
        wire::code::kUsage,
        fmt::format("{} is also the name of a member: write the network with its bits, as in "
                    "10.1.2.3/32, or name the member by its key",
                    text));
  }
  if (!room) return with_admitted(*std::move(targets));
  if (is_network) {
    return refuse_request(
        wire::code::kUsage,
        fmt::format("a {} of a network is for the whole server: leave --room out", name_of(kind)));
  }
  auto target = target_in_room(targets->front(), *room, chat_.sessions, chat_.changes, now.wall);
  if (!target) return std::unexpected{std::move(target).error()};
  return std::vector{std::move(*target)};
}

// At a closed door a name that no member has stands for the person that was admitted under it: a
// ban of the name alone would not keep the person out, which can choose another name.
std::vector<Target> ControlRules::with_admitted(std::vector<Target> targets) const {
  Target& target = targets.front();
  if (!chat_.door.is_closed() || target.kind != state::RuleTarget::name) return targets;
  if (chat_.sessions.find_name(target.name)) return targets;  // a text member
  if (const auto person = chat_.invitations.admitted_as(wire::folded_name(target.name))) {
    target.kind = state::RuleTarget::person;
    target.person = *person;
  }
  return targets;
}

std::vector<ControlRules::Making> ControlRules::makings(RuleKind kind, const Request& request,
                                                        chat::Now now) const {
  std::vector<Making> makings;
  for (const Target& target : request.targets) {
    WallTime until = request.until;
    const WallTime soon = now.wall + kAddressTime;
    if (target.is_short && (until == WallTime{} || until > soon)) until = soon;
    makings.push_back({.kind = kind,
                       .target = target.kind,
                       .room = chat::RoomRights::id_of(request.room),
                       .person = target.person,
                       .network = target.network,
                       .name = target.name,
                       .reason = request.reason,
                       .note = request.note,
                       .now = now.wall,
                       .until = until});
  }
  return makings;
}

// --- hits --------------------------------------------------------------------------

// A rule of a room hits only members of the room.
std::vector<Slot> ControlRules::hit_by(std::span<const Making> rules,
                                       const Request& request) const {
  std::vector<Slot> hit;
  for (const Making& rule : rules) {
    for (const Slot member : chat::hit_by(chat_.sessions, rule)) {
      if (request.room && !chat_.rooms.find(member, request.room->id)) continue;
      if (std::ranges::find(hit, member) == hit.end()) hit.push_back(member);
    }
  }
  return hit;
}

std::optional<control::Refusal> ControlRules::why_too_wide(const Request& request,
                                                           std::span<const Slot> hit) const {
  if (request.is_sure || request.is_dry_run) return std::nullopt;
  const auto because = [](std::string why) {
    return control::Refusal{
        .code = std::string{wire::code::kTooWide},
        .message = std::move(why) + "; --dry-run shows whom it hits, --yes does it"};
  };
  for (const Target& target : request.targets) {
    if (target.kind != state::RuleTarget::network || !is_wide(target.network)) continue;
    return because(
        fmt::format("{} is wider than /16 (IPv4) or /32 (IPv6)", text_of(target.network)));
  }
  std::set<Slot> members;
  for (const Slot slot : hit) members.insert(chat_.sessions.roster().first(slot));
  if (members.size() <= kFew || members.size() * 4 <= chat_.sessions.size()) return std::nullopt;
  return because(fmt::format("{} hits {} of {} members", request.target, members.size(),
                             chat_.sessions.size()));
}

void ControlRules::add_rules(std::span<const Making> rules, const Request& request,
                             wire::PlacedReport& report) const {
  for (const Making& rule : rules) {
    report.rules.push_back(row_of(rule, name_in_rows(request.room)));
  }
}

std::string ControlRules::name_in_rows(const ControlRooms::Room& room) const {
  return room ? rooms_.name_of(room) : std::string{};
}

std::vector<wire::HitRow> ControlRules::hit_rows(std::span<const Slot> hit) const {
  std::vector<wire::HitRow> rows;
  for (const Slot member : hit) {
    rows.push_back({.name = std::string{chat_.sessions.name(member)},
                    .address = to_text(chat_.sessions.where(member))});
  }
  return rows;
}

// --- changes -----------------------------------------------------------------------

std::expected<std::vector<RuleIndex>, control::Refusal> ControlRules::make(
    std::span<const Making> rules) {
  // First, so that no rule has been replaced when another one has no space.
  for (const Making& rule : rules) {
    if (const auto reason = chat_.rules.reason_not_to_add(rule)) return refuse_because(*reason);
  }
  std::vector<RuleIndex> made;
  for (const Making& rule : rules) {
    const auto index = chat_.rules.add(rule);
    if (!index) {
      for (const RuleIndex one : made) chat_.rules.remove(one);
      return refuse_because(index.error());
    }
    made.push_back(*index);
  }
  return made;
}

std::expected<std::vector<RuleIndex>, control::Refusal> ControlRules::make_in_room(
    const RoomPlace& room, const Making& rule) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(rule.until - rule.now);
  const bool is_endless = rule.until == WallTime{};
  const auto done = chat_.moderation.moderate(
      by_administrator({.mono = mono_now(), .wall = rule.now}), room,
      {.action =
           rule.kind == RuleKind::ban ? wire::ModerateAction::ban : wire::ModerateAction::mute,
       .seconds = is_endless ? 0 : static_cast<std::uint32_t>(left.count()),
       .name = rule.name,
       .reason = rule.reason});
  if (!done) return refuse_because(done.error());
  const auto made = chat_.rules.find_same(rule);
  return made ? std::vector{*made} : std::vector<RuleIndex>{};
}

control::Answer<wire::PlacedReport> ControlRules::place(RuleKind kind, const control::Args& args,
                                                        const control::Caller& caller) {
  const chat::Now now = control_now();
  const auto request = read(kind, args, now);
  if (!request) return std::unexpected{request.error()};
  const std::vector<Making> rules = makings(kind, *request, now);
  const std::vector<Slot> hit = hit_by(rules, *request);
  if (auto why = why_too_wide(*request, hit)) return std::unexpected{std::move(*why)};
  wire::PlacedReport report{.is_dry_run = request->is_dry_run, .hit = hit_rows(hit)};
  for (const auto id : codes_to_end(rules, *request)) {
    report.closed_invitations.push_back(static_cast<std::uint32_t>(id));
  }
  if (request->is_dry_run) {
    add_rules(rules, *request, report);
    return report;
  }
  const auto made = request->room ? make_in_room(*request->room, rules.front()) : make(rules);
  if (!made) return std::unexpected{made.error()};
  for (const RuleIndex rule : *made) {
    report.rules.push_back(row_of(chat_.rules.row(rule), name_in_rows(request->room)));
    log_rule_made(report.rules.back(), std::to_string(caller.uid));
  }
  if (kind == RuleKind::ban && !request->room) {
    sweep(now);
    end_codes(report.closed_invitations);
  }
  report.is_saved = rooms_.unsaved(request->room);
  return report;
}

// The codes by which the person came, or one of its keys before it belonged to the person's name.
std::vector<state::InvitationId> ControlRules::invitations_of(state::PersonId person) const {
  auto ids = chat_.invitations.all_of(person);
  for (const state::NameKeyRow* const key : chat_.names.keys(person)) {
    const auto own = chat_.persons.without_name(key->hash);
    if (own == person) continue;
    for (const state::InvitationId id : chat_.invitations.all_of(own)) ids.push_back(id);
  }
  return ids;
}

// A code that has uses left would admit the banned person again, with another key.
std::vector<state::InvitationId> ControlRules::codes_to_end(std::span<const Making> rules,
                                                            const Request& request) const {
  std::vector<state::InvitationId> ids;
  if (rules.front().kind != RuleKind::ban || request.room || request.keeps_codes) return ids;
  for (const Making& rule : rules) {
    for (const state::InvitationId id : invitations_of(rule.person)) {
      const auto code = chat_.invitations.find_id(id);
      const bool is_open = code && chat_.invitations.is_open(*code);
      if (is_open && std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
  }
  return ids;
}

void ControlRules::end_codes(std::span<const std::uint32_t> ids) {
  for (const std::uint32_t id : ids) {
    const auto code = chat_.invitations.find_id(state::InvitationId{id});
    if (code) chat_.invitations.end(*code, state::InvitationState::closed);
  }
}

std::size_t ControlRules::sweep(chat::Now now) {
  const auto banned = chat::banned_members(chat_.sessions, chat_.rules, now.wall);
  for (const auto& [member, rule] : banned) {
    std::array<char, wire::kMaxPhraseBytes> text{};
    chat_.rules.hit(rule, now.wall);
    remove_(member, state::LeaveKind::kicked,
            chat::rule_text(chat_.rules.row(rule), language_, text), now);
  }
  return banned.size();
}

}  // namespace chatd::gateway
