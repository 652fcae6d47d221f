// SPDX-License-Identifier: GPL-3.0-or-later
// rule_making.hpp — rules for a person, a name or a network, as tests add them.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/state/rule_table.hpp"

namespace chatd::test {

inline state::RuleTable::Making rule_for(state::RuleKind kind, state::PersonId person,
                                         state::RoomId room = state::kDefaultRoom) {
  return {.kind = kind, .target = state::RuleTarget::person, .room = room, .person = person};
}
// The rule borrows the name.
inline state::RuleTable::Making rule_for(state::RuleKind kind, std::string_view name,
                                         state::RoomId room = state::kDefaultRoom) {
  return {.kind = kind, .target = state::RuleTarget::name, .room = room, .name = name};
}
inline state::RuleTable::Making ban_of_network(std::string_view network) {
  return {.kind = state::RuleKind::ban,
          .target = state::RuleTarget::network,
          .network = parse_network(network).value()};
}

}  // namespace chatd::test
