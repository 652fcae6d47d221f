// SPDX-License-Identifier: GPL-3.0-or-later
// address_bans.hpp — bans of native clients by their address alone, before their key is known.
//
// Runs in: gateway.
#pragma once

#include <optional>

#include "common/wire/reasons.hpp"
#include "daemon/chat/rules.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

// The rule of the server that bans this address for every member.
[[nodiscard]] inline std::optional<state::RuleIndex> ban_at(const chat::Rules& rules,
                                                            const IpAddress& address,
                                                            WallTime now) {
  return rules.find(state::RuleKind::ban, {.address = address}, state::kDefaultRoom, now);
}

// Counts and logs a handshake that the rule refused.
inline void note_banned(chat::Rules& rules, state::RuleIndex ban, state::GatewayCounters& counters,
                        GatewayLog& log, const Endpoint& peer, chat::Now now) {
  state::count(counters.logins_refused);
  rules.hit(ban, now.wall);
  log.refusals.refused(peer, {}, wire::Reason::banned, now.mono);
}

}  // namespace chatd::gateway
