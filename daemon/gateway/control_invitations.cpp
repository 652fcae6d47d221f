// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_invitations.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/crypto/invitation_code.hpp"
#include "common/wire/control/invitation_verbs.hpp"
#include "daemon/config/duration.hpp"
#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

using chat::Invitations;
using state::InvitationId;
using state::InvitationState;

namespace {

constexpr std::chrono::hours kUsualTime{24 * 7};
constexpr std::chrono::hours kLongestTime{24 * 365};
constexpr std::string_view kRevokedText = "the administrator took the invitation back";

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  const bool is_number = error == std::errc{} && end == text.end();
  return is_number && number != 0 ? std::optional{number} : std::nullopt;
}

// The value of --each or --uses; 1 if it is not given.
std::expected<std::uint32_t, control::Refusal> count_in(const control::Args& args,
                                                        std::string_view option) {
  const std::string_view text = option_in(args, wire::verb::kInvite.row, option);
  if (text.empty()) return 1;
  const auto number = number_in(text);
  if (number && *number <= ControlInvitations::kMaxAtOnce) return *number;
  return refuse_request(wire::code::kUsage,
                        fmt::format("{} takes a number from 1 to {}, not \"{}\"", option,
                                    ControlInvitations::kMaxAtOnce, text));
}

std::expected<WallTime, control::Refusal> until_in(const control::Args& args, WallTime now) {
  const std::string_view text = option_in(args, wire::verb::kInvite.row, "--for");
  if (text.empty()) return now + kUsualTime;
  const auto duration = config::parse_duration(text);
  if (duration && *duration > std::chrono::milliseconds{0} && *duration <= kLongestTime) {
    return now + *duration;
  }
  return refuse_request(wire::code::kUsage,
                        fmt::format("--for takes a time such as 10m, 2h or 7d, at most 365d, not "
                                    "\"{}\"",
                                    text));
}

// "12" or "12-41".
struct IdRange {
  std::uint32_t first;
  std::uint32_t last;
};
std::optional<IdRange> range_in(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = number_in(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : number_in(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return IdRange{.first = *first, .last = *last};
}

// "12", or "12 to 41"
std::string ids_text(std::uint32_t first, std::uint32_t last) {
  return first == last ? std::to_string(first) : fmt::format("{} to {}", first, last);
}

void log_change(std::string_view event, std::string_view message, std::string_view ids,
                const control::Caller& caller) {
  const std::string by = std::to_string(caller.uid);
  log(LogLevel::notice, message,
      {{"CHATD_EVENT", event}, {"CHATD_INVITATION", ids}, {"CHATD_BY", by}});
}

// Makes so many codes, and adds them to the report. False: there is no space for them.
bool make_codes(std::uint32_t count, const crypto::Hash& server, chat::Invitations& invitations,
                chat::Invitations::Making making, wire::InvitedReport& report) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto code = crypto::InvitationCode::make(server);
    making.hash = crypto::hash_of_invitation(code.secret());
    const auto id = invitations.add(making);
    if (!id) return false;
    const auto text = code.text();
    report.codes.push_back(
        {.id = static_cast<std::uint32_t>(*id), .code = {text.begin(), text.end()}});
  }
  return true;
}

}  // namespace

// --- make --------------------------------------------------------------------------

control::Answer<wire::InvitedReport> ControlInvitations::invite(const control::Args& args,
                                                                const control::Caller& caller) {
  const WallTime now = wall_now();
  const auto each = count_in(args, "--each");
  if (!each) return std::unexpected{each.error()};
  const auto uses = count_in(args, "--uses");
  if (!uses) return std::unexpected{uses.error()};
  const auto until = until_in(args, now);
  if (!until) return std::unexpected{until.error()};
  Invitations::Making making{
      .hash = {}, .uses = *uses, .now = now, .until = *until, .by = caller.uid};
  wire::InvitedReport report{.uses = *uses, .until = *until, .is_saved = true};
  report.door = value_of(chat_.door);
  if (const auto name = room_in(args, wire::verb::kInvite.row)) {
    const auto room = rooms_.find_further(*name, "is open to everybody: leave --room out");
    if (!room) return std::unexpected{room.error()};
    making.room = room->id;
    report.room = rooms_.name_of(*room);
  }
  if (chat_.invitations.space_for(*uses, now) < *each) {
    return refuse_request(wire::code::kFailed,
                          "there is no space for so many codes: end some with `invite revoke`");
  }
  if (!make_codes(*each, server_, chat_.invitations, making, report)) {
    return refuse_request(wire::code::kFailed, "there is no space for so many codes");
  }
  const std::string ids = ids_text(report.codes.front().id, report.codes.back().id);
  log_change("invitation_made",
             fmt::format("the administrator made {} invitation code{}, number {}",
                         report.codes.size(), report.codes.size() == 1 ? "" : "s", ids),
             ids, caller);
  return report;
}

// --- list --------------------------------------------------------------------------

std::string_view ControlInvitations::state_of(Invitations::Index code, WallTime now) const {
  const state::InvitationRow& row = chat_.invitations.row(code);
  switch (row.state.load(std::memory_order_relaxed)) {
    case InvitationState::revoked:
      return "revoked";
    case InvitationState::closed:
      return "closed";
    case InvitationState::open:
      break;
  }
  if (chat_.invitations.used(row.id) >= row.uses) return "used";
  return row.until_wall <= now.time_since_epoch().count() ? "expired" : "open";
}

wire::InvitationRow ControlInvitations::row_of(Invitations::Index code, WallTime now) const {
  const state::InvitationRow& row = chat_.invitations.row(code);
  const auto room = chat_.rooms.find_id(row.room);
  return {.id = static_cast<std::uint32_t>(row.id),
          .state = std::string{state_of(code, now)},
          .uses = row.uses,
          .used = chat_.invitations.used(row.id),
          .made = wall_time_of(row.made_wall),
          .until = wall_time_of(row.until_wall),
          .room = room ? std::string{chat_.rooms.name(room->index)} : std::string{},
          .by = row.by};
}

wire::InvitationsReport ControlInvitations::list() const {
  wire::InvitationsReport report{.door = std::string{value_of(chat_.door)}};
  const WallTime now = wall_now();
  std::map<InvitationId, std::size_t> places;
  chat_.invitations.for_each([&](Invitations::Index code, const state::InvitationRow& row) {
    places.emplace(row.id, report.invitations.size());
    report.invitations.push_back(row_of(code, now));
  });
  chat_.invitations.for_each_admission([&](const state::AdmissionRow& row) {
    const auto place = places.find(row.invitation);
    if (place == places.end()) return;
    report.invitations[place->second].admitted.push_back(
        {.name = std::string{view_of(row.name)}, .at = wall_time_of(row.made_wall)});
  });
  return report;
}

// --- revoke ------------------------------------------------------------------------

control::Answer<wire::RevokedReport> ControlInvitations::revoke(const control::Args& args,
                                                                const control::Caller& caller) {
  const auto range = range_in(args[0]);
  if (!range) {
    return refuse_request(
        wire::code::kUsage,
        fmt::format("ID is a number of `invites`, or two as in 3-32, not \"{}\"", args[0]));
  }
  wire::RevokedReport report{.is_saved = true};
  std::vector<Invitations::Index> codes;
  chat_.invitations.for_each([&](Invitations::Index code, const state::InvitationRow& row) {
    const auto id = static_cast<std::uint32_t>(row.id);
    if (id < range->first || id > range->last) return;
    codes.push_back(code);
    report.ids.push_back(id);
  });
  if (codes.empty()) {
    return refuse_request(wire::code::kNotFound, fmt::format("there is no invitation {}", args[0]));
  }
  const bool with_members =
      !option_in(args, wire::verb::kInviteRevoke.row, "--with-members").empty();
  // The sessions are first: after a kill a repeated command finds by the admissions who is left.
  if (with_members) end_sessions(codes, control_now());
  for (const Invitations::Index code : codes) {
    chat_.invitations.end(code, InvitationState::revoked);
    if (with_members) end_admissions(chat_.invitations.row(code).id, report);
  }
  const std::string ids = ids_text(report.ids.front(), report.ids.back());
  log_change("invitation_revoked", fmt::format("the administrator ended the invitation {}", ids),
             ids, caller);
  return report;
}

void ControlInvitations::end_admissions(InvitationId id, wire::RevokedReport& report) {
  if (chat_.invitations.used(id) == 0) return;
  std::map<state::PersonId, std::string> names;
  chat_.invitations.for_each_admission([&](const state::AdmissionRow& row) {
    if (row.invitation == id) names.emplace(row.person, view_of(row.name));
  });
  const WallTime now = wall_now();
  for (const state::PersonId person : chat_.invitations.remove_admissions(id)) {
    chat_.known.forget(person);
    report.removed.push_back(names[person]);
    if (chat_.door.admits(person, now)) report.still_enter.push_back(names[person]);
  }
}

void ControlInvitations::end_sessions(std::span<const Invitations::Index> codes, chat::Now now) {
  std::set<InvitationId> ids;
  for (const Invitations::Index code : codes) ids.insert(chat_.invitations.row(code).id);
  std::set<state::PersonId> persons;
  std::set<state::PersonId> others;
  chat_.invitations.for_each_admission([&](const state::AdmissionRow& row) {
    (ids.contains(row.invitation) ? persons : others).insert(row.person);
  });
  std::erase_if(persons, [&](state::PersonId person) { return others.contains(person); });
  if (persons.empty()) return;
  for (const chat::Slot session : chat_.sessions.with_mailbox()) {
    if (!persons.contains(chat_.sessions.person(session))) continue;
    remove_(session, state::LeaveKind::kicked, kRevokedText, now);
  }
}

}  // namespace chatd::gateway
