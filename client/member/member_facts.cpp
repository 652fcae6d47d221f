// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/member_facts.hpp"

#include "client/member/list_text.hpp"
#include "common/base/fingerprint.hpp"
#include "common/base/possible_time.hpp"

namespace chatd::client {

namespace {

void add(MemberFacts& facts, std::string_view key, std::string_view value) {
  if (key == "name") facts.name = value;
  if (key == "protocol") facts.is_text = value == "text";
  if (key == "key" && is_fingerprint(value)) facts.key = value;
  if (key == "since") {
    const WallTime time{Micros{number_of<std::int64_t>(value).value_or(0)}};
    if (is_possible(time)) facts.since = time;
  }
  if (key == "owned") facts.is_owner = true;
  if (key == "away") {
    facts.is_away = true;
    facts.away = value;
  }
  if (key == "silent") facts.silent_seconds = number_of<std::uint32_t>(value);
  if (key == "programs") facts.programs = number_of<std::uint32_t>(value);
  if (key == "room" && !value.empty()) facts.rooms.emplace_back(value);
  if (key == "more_rooms") facts.more_rooms = number_of<std::uint32_t>(value).value_or(0);
}

}  // namespace

MemberFacts read_member_facts(std::string_view list) {
  MemberFacts facts;
  for_each_fact(list,
                [&](std::string_view key, std::string_view value) { add(facts, key, value); });
  // A key or an owned name of a text member would be a claim that nothing has proved.
  if (facts.is_text) {
    facts.key.clear();
    facts.is_owner = false;
  }
  return facts;
}

}  // namespace chatd::client
