// SPDX-License-Identifier: GPL-3.0-or-later
// each_rule.hpp — a loop over all rules.
//
// Runs in: gateway.
#pragma once

#include <cstdint>

#include "daemon/chat/rules.hpp"

namespace chatd::gateway {

// Calls take(rule) for each rule. `take` must not add or remove rules.
template <class Take>
void for_each_rule(const chat::Rules& rules, Take take) {
  for (auto rule = rules.next(0); rule; rule = rules.next(static_cast<std::uint32_t>(*rule) + 1)) {
    take(*rule);
  }
}

}  // namespace chatd::gateway
