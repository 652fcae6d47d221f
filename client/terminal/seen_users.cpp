// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/seen_users.hpp"

#include <variant>

#include "client/member/persons.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

bool is_from_user(const Line& line) {
  const auto kind = line.record;
  return !line.own && (kind == wire::RecordKind::say || kind == wire::RecordKind::action ||
                       kind == wire::RecordKind::direct);
}

}  // namespace

void SeenUsers::note(const Report& report, WallTime now) {
  if (const auto* joined = std::get_if<Joined>(&report)) {
    server_ = joined->server_key;
  } else if (const auto* other = std::get_if<OtherPerson>(&report)) {
    add(other->name, other->person, now);
  } else if (const auto* line = std::get_if<Line>(&report)) {
    if (is_from_user(*line) && !line->replay && !line->text_member) {
      add(line->name, line->person, now);
    }
  }
}

void SeenUsers::add(std::string_view name, std::uint64_t person, WallTime now) {
  if (!Persons::has_key(person) || new_.size() >= kMaxUsers) return;
  std::string folded = wire::folded_name(name);
  const auto found = by_folded_name_.find(folded);
  if (found == by_folded_name_.end() && by_folded_name_.size() >= kMaxUsers) {
    const auto next = by_folded_name_.lower_bound(folded);
    by_folded_name_.erase(next == by_folded_name_.end() ? by_folded_name_.begin() : next);
  }
  Seen& seen = by_folded_name_[std::move(folded)];
  if (seen.person == person && now - seen.time < kBetweenTimes) return;
  seen = {.person = person, .time = now};
  new_.push_back({.name = std::string{name}, .person = person, .time = now});
}

}  // namespace chatd::client
