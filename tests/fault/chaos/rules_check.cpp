// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/rules_check.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace chatd::test {

using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

namespace {

// The refusal codes for errors of the sender.
constexpr std::array<std::string_view, 3> kSenderErrors{"empty", "not_utf8", "too_long"};

// The refusal codes for changes that a member may not make, or whose target is gone.
constexpr std::array<std::string_view, 10> kRefusedChanges{
    "no_right",     "higher_role", "no_such_member", "other_person", "not_native",
    "no_such_rule", "last_owner",  "no_such_room",   "not_in_room",  "banned_here"};

// The lowest role that makes the change which the record is about.
RoomRole least_role(const Heard& record) {
  if (record.kind == RecordKind::set) {
    const auto setting = wire::read_setting(record.text);
    const bool is_slow = setting && setting->property == RoomProperty::slow;
    return is_slow ? RoomRole::moderator : RoomRole::owner;
  }
  if (record.kind != RecordKind::moderated) return RoomRole::moderator;
  const auto change = wire::read_moderation(record.text);
  const bool is_of_roles = change && (change->action == ModerateAction::moderator ||
                                      change->action == ModerateAction::owner ||
                                      change->action == ModerateAction::no_role);
  return is_of_roles ? RoomRole::owner : RoomRole::moderator;
}

}  // namespace

RulesCheck::RulesCheck(const std::vector<const Heard*>& order, RoomRules before)
    : rules_{std::move(before)}, muted_{rules_.muted()} {
  was_lecture_ = rules_.is_on(RoomProperty::lecture);
  // These may have been in the room before the order began.
  for (const std::string& name : rules_.on_list()) reads_since_.emplace(name, 0);
  for (const std::string& name : rules_.members()) reads_since_.emplace(name, 0);
  changes_.emplace(0, reads_since_);
  for (std::size_t place = 0; place < order.size(); ++place) note(place, *order[place]);
}

void RulesCheck::violation(std::string_view what, const Heard& record) {
  violations_.push_back(fmt::format("{}: {}", what, to_text(record)));
}

void RulesCheck::note(std::size_t place, const Heard& record) {
  is_closed_.push_back(rules_.is_on(RoomProperty::invited));
  judge(record);
  if (record.kind == RecordKind::join) reads_since_.try_emplace(record.name, place);
  if (record.kind == RecordKind::moderated) end_invitations(record);
  rules_.apply(record);
  if (record.kind == RecordKind::set || record.kind == RecordKind::moderated) {
    // Members that are invited without leaving, and users that are not on the list any more.
    std::erase_if(reads_since_, [&](const auto& entry) {
      return !rules_.is_member(entry.first) && !rules_.is_on_list(entry.first) &&
             rules_.is_on(RoomProperty::invited);
    });
    for (const std::string& name : rules_.members()) {
      if (rules_.is_on_list(name)) reads_since_.try_emplace(name, place);
    }
  }
  if (reads_since_ != changes_.rbegin()->second) changes_.emplace(place + 1, reads_since_);
  muted_.insert(rules_.muted().begin(), rules_.muted().end());
  was_lecture_ |= rules_.is_on(RoomProperty::lecture);
}

void RulesCheck::judge(const Heard& record) {
  if (must_leave_ && (record.kind != RecordKind::kick || record.name != *must_leave_)) {
    violation(*must_leave_ + " was kicked or banned, and is still in the room at", record);
  }
  must_leave_.reset();
  switch (record.kind) {
    case RecordKind::join:
      if (rules_.is_banned(record.name)) violation("came in and is banned", record);
      if (rules_.is_on(RoomProperty::invited) && !rules_.is_on_list(record.name)) {
        violation("came in and is not invited", record);
      }
      break;
    case RecordKind::say:
    case RecordKind::action:
      if (rules_.is_muted(record.name)) violation("said by a muted member", record);
      if (rules_.is_on(RoomProperty::lecture) && rules_.role(record.name) == RoomRole::none) {
        violation("said in a lecture", record);
      }
      break;
    case RecordKind::topic:
    case RecordKind::set:
    case RecordKind::moderated:
      judge_change(record);
      break;
    default:
      break;
  }
}

// A change without a name is the administrator's.
void RulesCheck::judge_change(const Heard& record) {
  if (!record.name.empty()) {
    if (rules_.role(record.name) < least_role(record)) {
      violation("changed by a member without the right", record);
    }
    // A property has no text of the member.
    if (record.kind != RecordKind::set && rules_.is_muted(record.name)) {
      violation("changed by a muted member", record);
    }
  }
  if (record.kind == RecordKind::moderated) expect_kick(record);
}

void RulesCheck::expect_kick(const Heard& record) {
  const auto change = wire::read_moderation(record.text);
  if (!change ||
      (change->action != ModerateAction::kick && change->action != ModerateAction::ban)) {
    return;
  }
  if (!record.name.empty() && rules_.role(change->name) >= rules_.role(record.name)) {
    violation("done to a member whose role is not lower", record);
  }
  if (rules_.is_member(change->name)) must_leave_ = change->name;
}

// A role stays after a kick, and with it what its member may read.
void RulesCheck::end_invitations(const Heard& record) {
  const auto change = wire::read_moderation(record.text);
  if (!change) return;
  const bool ends_invitation =
      change->action == ModerateAction::kick || change->action == ModerateAction::uninvite;
  const bool has_role = rules_.role(change->name) != RoomRole::none;
  if (change->action == ModerateAction::ban || (ends_invitation && !has_role)) {
    reads_since_.erase(std::string{change->name});
  }
}

bool RulesCheck::may_refuse(const History::Reader& sender, const History::Sent& sent) const {
  const std::string_view code = sent.why;
  if (is_change(sent.kind) && code != "muted") {
    return std::ranges::find(kRefusedChanges, code) != kRefusedChanges.end();
  }
  return std::ranges::find(kSenderErrors, code) != kSenderErrors.end() ||
         (sender.has_left && code == "not_in_room") || may_refuse(sender.name, code);
}

bool RulesCheck::may_refuse(std::string_view name, std::string_view code) const {
  return (code == "muted" && muted_.contains(name)) || (code == "lecture" && was_lecture_);
}

bool RulesCheck::may_read(std::string_view name, std::size_t place, std::size_t records) const {
  if (!is_closed_[place]) return true;
  const Places& since = std::prev(changes_.upper_bound(records))->second;
  const auto first = since.find(name);
  return first != since.end() && first->second <= place;
}

}  // namespace chatd::test
