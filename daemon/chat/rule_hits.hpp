// SPDX-License-Identifier: GPL-3.0-or-later
// rule_hits.hpp — the members that a rule is for. A ban of the whole server ends their sessions.
//
// Runs in:   gateway. Pure: the caller removes the sessions.
// See:       rules.hpp, which finds the rule for a member.
#pragma once

#include <vector>

#include "daemon/chat/rules.hpp"
#include "daemon/chat/sessions.hpp"

namespace chatd::chat {

// The members of the server with the person or the name of the rule, or with an address in its
// network. Loopback is in no network. The room of the rule does not matter.
[[nodiscard]] std::vector<Slot> hit_by(const Sessions& sessions,
                                       const state::RuleTable::Making& rule);
[[nodiscard]] std::vector<Slot> hit_by(const Sessions& sessions, const state::RuleSlot& rule);

// A member, and the ban of the whole server that is in force for it.
struct Banned {
  Slot member;
  state::RuleIndex rule;
};
// All banned members, to be removed after an adoption or a snapshot: a predecessor may have been
// killed between a ban and the removal of its members.
[[nodiscard]] std::vector<Banned> banned_members(const Sessions& sessions, const Rules& rules,
                                                 WallTime now);

}  // namespace chatd::chat
