// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/persons.hpp"

#include <utility>

#include "client/member/list_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::client {

Persons::Known& Persons::known(std::string_view name) {
  std::string folded = wire::folded_name(name);
  const bool is_known = by_folded_name_.contains(folded);
  if (!is_known && by_folded_name_.size() >= kMaxPersons) {
    const auto next = by_folded_name_.lower_bound(folded);
    by_folded_name_.erase(next == by_folded_name_.end() ? by_folded_name_.begin() : next);
  }
  return by_folded_name_[std::move(folded)];
}

bool Persons::has_key(std::uint64_t person) noexcept {
  return person != 0 && !wire::is_text_person(person);
}

void Persons::learn(const KnownUser& user) {
  known(user.name) = {.person = user.person, .key = user.person, .last_seen = user.time};
}

void Persons::add_change(OtherPerson change) {
  if (changes_.size() < kMaxChanges) {
    changes_.push_back(std::move(change));
  } else {
    ++changes_.back().others;
  }
}

std::vector<OtherPerson> Persons::take_changes() { return std::exchange(changes_, {}); }

void Persons::note(std::string_view name, std::uint64_t person) {
  if (person == 0) return;
  Known& now = known(name);
  const Known before = now;
  now.person = person;
  now.is_text = wire::is_text_person(person);
  if (!now.is_text) {
    now.key = person;
    now.last_seen = {};
  }
  if (before.key == 0) return;
  if (now.is_text ? before.is_text : before.key == person) return;
  add_change({.name = std::string{name},
              .has_key = !now.is_text,
              .person = person,
              .last_seen = before.last_seen});
}

void Persons::note_text_member(std::string_view name) {
  const auto found = by_folded_name_.find(wire::folded_name(name));
  if (found == by_folded_name_.end() || found->second.is_text) return;
  Known& now = found->second;
  now.person = 0;
  now.is_text = true;
  if (now.key != 0) add_change({.name = std::string{name}, .last_seen = now.last_seen});
}

bool Persons::is_text_member(std::string_view name) const {
  const auto found = by_folded_name_.find(wire::folded_name(name));
  return found != by_folded_name_.end() && found->second.is_text;
}

std::string Persons::take_from(std::string_view list) {
  std::string rest;
  while (!list.empty()) {
    std::string_view row = take_row(list);
    const std::string_view name = take_field(row);
    const std::string_view first{name.data(), name.size() + wire::kPersonBytes};
    const bool has_person = row.size() >= wire::kPersonBytes - 1;
    const auto named = has_person ? wire::read_named(first) : wire::NamedPerson{.name = name};
    if (named.person != 0) {
      note(named.name, named.person);
      (void)take_field(row);
    }
    if (!rest.empty()) rest += '\n';
    rest += name;
    if (wire::is_text_person(named.person)) rest += "\ttext";
    if (!row.empty()) rest.append("\t").append(row);
  }
  return rest;
}

std::uint64_t Persons::of(std::string_view name) const {
  const auto found = by_folded_name_.find(wire::folded_name(name));
  return found == by_folded_name_.end() ? 0 : found->second.person;
}

void Persons::sent(std::uint64_t number, std::string_view name, std::uint64_t first) {
  commands_.erase(commands_.begin(), commands_.lower_bound(first));
  const std::uint64_t person = of(name);
  if (person == 0) return;
  commands_.insert_or_assign(number, Named{.name = wire::folded_name(name), .person = person});
}

void Persons::refused(std::uint64_t number) {
  const auto command = commands_.extract(number);
  if (command.empty()) return;
  const auto found = by_folded_name_.find(command.mapped().name);
  const bool is_same =
      found != by_folded_name_.end() && found->second.person == command.mapped().person;
  if (is_same) found->second.person = 0;  // its key stays known: the next one is compared with it
}

void ReplayedTextMembers::note(wire::RoomId room, std::string_view name, bool is_text_member) {
  if (!is_text_member) {
    (void)take(room, name);
    return;
  }
  if (names_.size() < kMaxNames) names_.emplace(room, wire::folded_name(name));
}

bool ReplayedTextMembers::take(wire::RoomId room, std::string_view name) {
  return !names_.empty() && names_.erase({room, wire::folded_name(name)}) != 0;
}

}  // namespace chatd::client
