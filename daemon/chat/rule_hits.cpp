// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/rule_hits.hpp"

#include "daemon/chat/programs.hpp"

namespace chatd::chat {

using state::RuleTarget;

std::vector<Slot> hit_by(const Sessions& sessions, const state::RuleTable::Making& rule) {
  if (rule.target == RuleTarget::name) {
    const auto member = sessions.find_name(rule.name);
    return member ? programs_of(sessions, *member) : std::vector<Slot>{};
  }
  const bool is_person = rule.target == RuleTarget::person;
  std::vector<Slot> hit = sessions.all();
  std::erase_if(hit, [&](Slot member) {
    if (is_person) return sessions.person(member) != rule.person;
    const IpAddress& address = sessions.where(member).address;
    return is_loopback(address) || !rule.network.contains(address);
  });
  return hit;
}

std::vector<Slot> hit_by(const Sessions& sessions, const state::RuleSlot& rule) {
  return hit_by(sessions, making_of(rule));
}

std::vector<Banned> banned_members(const Sessions& sessions, const Rules& rules, WallTime now) {
  std::vector<Banned> banned;
  for (const Slot member : sessions.all()) {
    const auto rule =
        rules.find(state::RuleKind::ban, sessions.subject(member), state::kDefaultRoom, now);
    if (rule) banned.push_back({.member = member, .rule = *rule});
  }
  return banned;
}

}  // namespace chatd::chat
