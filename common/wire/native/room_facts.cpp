// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/room_facts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/possible_time.hpp"
#include "common/wire/native/list_rows.hpp"

namespace chatd::wire {

namespace {

// Microseconds since 1970. nullopt: not a possible time.
std::optional<WallTime> time_of_fact(std::string_view text) {
  const WallTime time{Micros{number_of<std::int64_t>(text).value_or(0)}};
  return chatd::is_possible(time) ? std::optional{time} : std::nullopt;
}

std::optional<WallTime> end_of_rule(std::string_view text) {
  if (text == "0") return std::nullopt;
  return time_of_fact(text).value_or(WallTime{});
}

// The facts that are rules.
struct RuleKey {
  std::string_view key;
  ModerateAction action;
};
constexpr std::array kRuleKeys{RuleKey{"ban", ModerateAction::ban},
                               RuleKey{"mute", ModerateAction::mute},
                               RuleKey{"invitation", ModerateAction::invite}};

RoomFacts::Rule rule_of(ModerateAction action, std::string_view row) {
  RoomFacts::Rule rule{.action = action};
  rule.id = number_of<std::uint32_t>(take_field(row)).value_or(0);
  rule.name = take_field(row);
  rule.until = end_of_rule(take_field(row));
  rule.by = take_field(row);
  rule.reason = row;
  return rule;
}

void add_name(std::vector<std::string>& names, std::string_view name) {
  if (!name.empty()) names.emplace_back(name);
}

void add_property(RoomFacts& facts, std::string_view key, std::string_view value) {
  if (key == "invited") facts.is_invited = value == "1";
  if (key == "hidden") facts.is_hidden = value == "1";
  if (key == "lecture") facts.is_lecture = value == "1";
  if (key == "enter") facts.enter = may_enter_of(value).value_or(MayEnter::anyone);
  if (key == "history") facts.history = history_of(value).value_or(kHistoryOfServer);
  if (key == "slow") facts.slow_seconds = number_of<std::uint32_t>(value).value_or(0);
}

void add(RoomFacts& facts, std::string_view key, std::string_view value) {
  if (key == "topic") facts.topic = value;
  if (key == "topic_by") facts.topic_by = value;
  if (key == "topic_set") facts.topic_set = time_of_fact(value);
  if (key == "made") facts.made = time_of_fact(value);
  if (key == "members") facts.members = number_of<std::uint64_t>(value).value_or(0);
  if (key == "owner") add_name(facts.owners, value);
  if (key == "moderator") add_name(facts.moderators, value);
  add_property(facts, key, value);
  const auto* const rule = std::ranges::find(kRuleKeys, key, &RuleKey::key);
  if (rule == kRuleKeys.end()) return;
  auto one = rule_of(rule->action, value);
  if (!one.name.empty()) facts.rules.push_back(std::move(one));
}

}  // namespace

RoomFacts read_facts(std::string_view list) {
  RoomFacts facts;
  for_each_fact(list,
                [&](std::string_view key, std::string_view value) { add(facts, key, value); });
  return facts;
}

}  // namespace chatd::wire
