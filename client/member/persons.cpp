// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/persons.hpp"

#include "client/member/list_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::client {

void Persons::note(std::string_view name, std::uint64_t person) {
  if (person == 0) return;
  std::string folded = wire::folded_name(name);
  const bool is_known = by_folded_name_.contains(folded);
  if (!is_known && by_folded_name_.size() >= kMaxPersons) {
    const auto next = by_folded_name_.lower_bound(folded);
    by_folded_name_.erase(next == by_folded_name_.end() ? by_folded_name_.begin() : next);
  }
  by_folded_name_.insert_or_assign(std::move(folded), person);
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
    if (!row.empty()) rest.append("\t").append(row);
  }
  return rest;
}

std::uint64_t Persons::of(std::string_view name) const {
  const auto found = by_folded_name_.find(wire::folded_name(name));
  return found == by_folded_name_.end() ? 0 : found->second;
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
  const bool is_same = found != by_folded_name_.end() && found->second == command.mapped().person;
  if (is_same) by_folded_name_.erase(found);
}

}  // namespace chatd::client
