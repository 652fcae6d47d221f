// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/native/native_room.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/rule_hits.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/config/duration.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/each_rule.hpp"
#include "daemon/gateway/rule_log.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::RoomPlace;
using state::RuleIndex;
using state::RuleKind;

namespace {

// Where the options of `ban` and `mute` are in their arguments.
enum Argument : std::size_t { kTarget, kFor, kReason, kNote, kDryRun, kYes, kRoom };

constexpr std::chrono::hours kShortest{1};  // of the rule for a text member's address
constexpr std::chrono::hours kLongest{24 * 3650};
// A rule that hits more sessions than a quarter of them is too wide, unless they are few.
constexpr std::size_t kFew = 3;

std::string_view argument(const control::Args& args, std::size_t at) {
  return at < args.size() ? std::string_view{args[at]} : std::string_view{};
}

// The room of --room, which is the last argument of the verb.
std::optional<std::string_view> room_argument(const control::Args& args, std::size_t at) {
  if (args.size() <= at) return std::nullopt;
  return args[at];
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

std::expected<std::string, control::Refusal> read_text(std::string_view text, std::size_t limit,
                                                       std::string_view option) {
  std::vector<char> buffer(text.size());
  const auto clean = wire::clean_text(text, limit, buffer);
  if (clean) return std::string{*clean};
  if (clean.error() != wire::TextFault::too_long) return std::string{};
  return refuse_request(
      wire::code::kTooLong,
      fmt::format("the text of {} has {} bytes; at most {} fit", option, text.size(), limit));
}

std::unexpected<control::Refusal> refuse_because(wire::Reason reason) {
  const std::string_view why = wire::phrase(wire::Language::en, reason);
  return refuse_request(wire::code::kFailed, std::string{why});
}

std::string time_or_nothing(std::int64_t micros) {
  return micros == 0 ? std::string{} : to_rfc3339(wall_time_of(micros));
}

std::string name_of(RuleKind kind) { return kind == RuleKind::mute ? "mute" : "ban"; }

// Not an invitation or a role.
bool is_shown(const state::RuleSlot& rule) { return state::is_restriction(rule.kind); }

// The row of a rule that is not made.
wire::RuleRow row_of(const state::RuleTable::Making& making, std::string room) {
  wire::RuleRow row{.kind = name_of(making.kind),
                    .by_what = std::string{gateway::name_of(making.target)},
                    .target = std::string{making.name},
                    .room = std::move(room),
                    .made = making.now,
                    .until = time_or_nothing(making.until.time_since_epoch().count()),
                    .reason = std::string{making.reason},
                    .note = std::string{making.note}};
  if (making.target == state::RuleTarget::network) row.target = text_of(making.network);
  return row;
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
  const auto room = find_room(room_argument(args, kRoom));
  if (!room) return std::unexpected{room.error()};
  auto targets = rule_targets(argument(args, kTarget), chat_.sessions, persons_);
  if (!targets) return std::unexpected{std::move(targets).error()};
  const auto until = read_until(argument(args, kFor), now.wall);
  if (!until) return std::unexpected{until.error()};
  auto reason = read_text(argument(args, kReason), state::kMaxRuleReasonBytes, "--reason");
  if (!reason) return std::unexpected{std::move(reason).error()};
  auto note = read_text(argument(args, kNote), state::kMaxRuleNoteBytes, "--note");
  if (!note) return std::unexpected{std::move(note).error()};
  if (*room && targets->front().kind == state::RuleTarget::network) {
    return refuse_request(
        wire::code::kUsage,
        fmt::format("a {} of a network is for the whole server: leave --room out", name_of(kind)));
  }
  if (*room && !note->empty()) {
    return refuse_request(wire::code::kUsage,
                          "the owners of a room see its rules, which have no --note");
  }
  // A member's name in a room is for the member only, also if it has no key.
  if (*room) std::erase_if(*targets, [](const Target& target) { return target.is_short; });
  return Request{.targets = std::move(*targets),
                 .room = *room,
                 .target = std::string{argument(args, kTarget)},
                 .reason = std::move(*reason),
                 .note = std::move(*note),
                 .until = *until,
                 .is_dry_run = !argument(args, kDryRun).empty(),
                 .is_sure = !argument(args, kYes).empty()};
}

std::vector<ControlRules::Making> ControlRules::makings(RuleKind kind, const Request& request,
                                                        chat::Now now) const {
  std::vector<Making> makings;
  for (const Target& target : request.targets) {
    WallTime until = request.until;
    const WallTime soon = now.wall + kShortest;
    if (target.is_short && (until == WallTime{} || until > soon)) until = soon;
    makings.push_back({.kind = kind,
                       .target = target.kind,
                       .room = request.room ? request.room->id : state::kDefaultRoom,
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

// Of a room: the members of it.
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
  if (hit.size() <= kFew || hit.size() * 4 <= chat_.sessions.size()) return std::nullopt;
  return because(
      fmt::format("{} hits {} of {} sessions", request.target, hit.size(), chat_.sessions.size()));
}

wire::PlacedReport ControlRules::dry_run(std::span<const Making> rules, std::span<const Slot> hit,
                                         const Request& request) const {
  wire::PlacedReport report{.is_dry_run = true};
  for (const Making& rule : rules) {
    report.rules.push_back(
        gateway::row_of(rule, request.room ? rooms_.name_of(*request.room) : std::string{}));
  }
  report.hit = hit_rows(hit);
  return report;
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
    RuleKind kind, const Request& request, chat::Now now) {
  const Target& target = request.targets.front();
  std::string name = target.name;
  if (target.kind == state::RuleTarget::person) {
    // The command names the member.
    const auto hit = chat::hit_by(
        chat_.sessions, Making{.kind = kind, .target = target.kind, .person = target.person});
    if (hit.empty()) {
      return refuse_request(wire::code::kNotFound,
                            "no member has that key now: in a room, name a member");
    }
    name = chat_.sessions.name(hit.front());
  }
  const auto left = std::chrono::ceil<std::chrono::seconds>(request.until - now.wall);
  const bool is_endless = request.until == WallTime{};
  const auto done = chat_.moderation.moderate(
      {.member = std::nullopt, .end = 0, .now = now}, *request.room,
      {.action = kind == RuleKind::ban ? wire::ModerateAction::ban : wire::ModerateAction::mute,
       .seconds = is_endless ? 0 : static_cast<std::uint32_t>(left.count()),
       .name = name,
       .reason = request.reason});
  if (!done) return refuse_because(done.error());
  const auto rule =
      chat_.rules.find(kind, {.person = target.person, .folded_name = wire::folded_name(name)},
                       request.room->id, now.wall);
  return rule ? std::vector{*rule} : std::vector<RuleIndex>{};
}

control::Answer<wire::PlacedReport> ControlRules::place(RuleKind kind, const control::Args& args,
                                                        const control::Caller& caller) {
  const chat::Now now = control_now();
  const auto request = read(kind, args, now);
  if (!request) return std::unexpected{request.error()};
  const std::vector<Making> rules = makings(kind, *request, now);
  const std::vector<Slot> hit = hit_by(rules, *request);
  if (auto why = why_too_wide(*request, hit)) return std::unexpected{std::move(*why)};
  if (request->is_dry_run) return dry_run(rules, hit, *request);
  wire::PlacedReport report{.hit = hit_rows(hit)};
  const auto made = request->room ? make_in_room(kind, *request, now) : make(rules);
  if (!made) return std::unexpected{made.error()};
  for (const RuleIndex rule : *made) {
    report.rules.push_back(row_of(rule));
    log_rule_made(report.rules.back(), std::to_string(caller.uid));
  }
  if (kind == RuleKind::ban && !request->room) sweep(now);
  return report;
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

// --- removal and lists -------------------------------------------------------------

std::vector<RuleIndex> ControlRules::find(RuleKind kind, std::string_view target,
                                          const std::optional<RoomPlace>& room) const {
  const state::RoomId in = room ? room->id : state::kDefaultRoom;
  std::vector<RuleIndex> found;
  const auto targets = rule_targets(target, chat_.sessions, persons_);
  chat_.rules.for_each_of(in, [&](RuleIndex index) {
    const state::RuleSlot& rule = chat_.rules.row(index);
    if (rule.kind != kind) return;
    if (is_rule_of(rule, target, targets.value_or(std::vector<Target>{}))) found.push_back(index);
  });
  return found;
}

std::optional<RuleIndex> ControlRules::find_number(RuleKind kind, std::string_view text) const {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), id);
  if (error != std::errc{} || end != text.end()) return std::nullopt;
  const auto rule = chat_.rules.find_id(state::RuleId{id});
  return rule && chat_.rules.row(*rule).kind == kind ? rule : std::nullopt;
}

// A rule of a room is removed as its owners do it. If that is refused, for example because the name
// is that of another member now, it is removed without a record in the room.
void ControlRules::remove(RuleIndex index, chat::Now now) {
  const state::RuleSlot& rule = chat_.rules.row(index);
  const state::RuleId id{rule.id};
  if (const auto room = rooms_.place_of(rule.room)) {
    const std::string name{view_of(rule.name)};
    (void)chat_.moderation.moderate(
        {.member = std::nullopt, .end = 0, .now = now}, *room,
        {.action = rule.kind == RuleKind::ban ? wire::ModerateAction::unban
                                              : wire::ModerateAction::unmute,
         .name = name});
  }
  if (const auto left = chat_.rules.find_id(id)) chat_.rules.remove(*left);
}

control::Answer<wire::LiftedReport> ControlRules::lift(RuleKind kind, const control::Args& args,
                                                       const control::Caller& caller) {
  const auto room = find_room(room_argument(args, 1));
  if (!room) return std::unexpected{room.error()};
  const std::string_view target = argument(args, 0);
  std::vector<RuleIndex> found;
  if (const auto number = find_number(kind, target)) {
    found.push_back(*number);
  } else {
    found = find(kind, target, *room);
  }
  if (found.empty()) {
    return refuse_request(
        wire::code::kNotFound,
        fmt::format("there is no {} of {}{}; chatctl bans shows them", name_of(kind), target,
                    *room ? " in #" + rooms_.name_of(**room) : ""));
  }
  wire::LiftedReport report;
  for (const RuleIndex rule : found) {
    report.rules.push_back(row_of(rule));
    remove(rule, control_now());
    log_rule_removed(report.rules.back(), std::to_string(caller.uid));
  }
  return report;
}

wire::RuleRow ControlRules::row_of(RuleIndex index) const {
  const state::RuleSlot& rule = chat_.rules.row(index);
  const std::string kind = name_of(rule.kind);
  const auto room = rooms_.place_of(rule.room);
  return {.id = rule.id,
          .kind = kind,
          .by_what = std::string{gateway::name_of(rule.target)},
          .target = target_of(rule),
          .room = room ? rooms_.name_of(*room) : std::string{},
          .made = wall_time_of(rule.made_wall),
          .until = time_or_nothing(rule.until_wall.load(std::memory_order_relaxed)),
          .by = std::string{view_of(rule.by)},
          .reason = std::string{view_of(rule.reason)},
          .note = std::string{view_of(rule.note)},
          .hits = rule.hits.load(std::memory_order_relaxed),
          .last_hit = time_or_nothing(rule.hit_wall.load(std::memory_order_relaxed)),
          .undo = fmt::format("chatctl un{} {}", kind, rule.id)};
}

std::vector<wire::RuleRow> ControlRules::rows(const std::optional<state::RoomId>& room) const {
  std::vector<wire::RuleRow> rows;
  const WallTime now = wall_now();
  for_each_rule(chat_.rules, [&](RuleIndex index) {
    const state::RuleSlot& rule = chat_.rules.row(index);
    if (!is_shown(rule) || has_ended(rule, now) || (room && rule.room != *room)) return;
    rows.push_back(row_of(index));
  });
  std::ranges::sort(rows, {}, &wire::RuleRow::id);
  return rows;
}

control::Answer<wire::RulesReport> ControlRules::list(
    const std::optional<std::string_view>& name) const {
  if (!name) return wire::RulesReport{rows(std::nullopt)};
  const auto room = rooms_.find(*name);
  if (!room) return std::unexpected{room.error()};
  return wire::RulesReport{rows(*room ? (*room)->id : state::kDefaultRoom)};
}

}  // namespace chatd::gateway
