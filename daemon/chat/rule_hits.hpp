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

// The members of the server that the rule is for, or would be for: those with its person, its name,
// or an address in its network. Loopback is in no network. The room of the rule does not matter.
[[nodiscard]] std::vector<Slot> hit_by(const Sessions& sessions,
                                       const state::RuleTable::Making& rule);
[[nodiscard]] std::vector<Slot> hit_by(const Sessions& sessions, const state::RuleSlot& rule);

// A member, and the ban of the whole server that is in force for it.
struct Banned {
  Slot member;
  state::RuleIndex rule;
};
// All of them. After an adoption, also that of a snapshot: the predecessor may have been killed
// between the rule and the end of its sessions.
[[nodiscard]] std::vector<Banned> banned_members(const Sessions& sessions, const Rules& rules,
                                                 WallTime now);

}  // namespace chatd::chat
