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

namespace chatd::gateway {

// The rule of the server that bans this address for every member.
[[nodiscard]] inline std::optional<state::RuleIndex> ban_at(const chat::Rules& rules,
                                                            const IpAddress& address,
                                                            WallTime now) {
  return rules.find(state::RuleKind::ban, {.address = address}, state::kDefaultRoom, now);
}

// Looks for that rule when it is asked for it.
class AddressBan {
 public:
  AddressBan(const chat::Rules& rules, const IpAddress& address, WallTime now)
      : rules_{rules}, address_{address}, now_{now} {}
  bool operator()() {
    rule_ = ban_at(rules_, address_, now_);
    return rule_.has_value();
  }
  [[nodiscard]] std::optional<state::RuleIndex> rule() const { return rule_; }

 private:
  const chat::Rules& rules_;
  const IpAddress& address_;
  WallTime now_;
  std::optional<state::RuleIndex> rule_;
};

// Counts and logs a handshake that the rule refused.
inline void note_banned(chat::Rules& rules, state::RuleIndex ban, GatewayLog& log,
                        const Endpoint& peer, chat::Now now) {
  rules.hit(ban, now.wall);
  log.refusals.refused(peer, wire::Reason::banned, now.mono);
}

}  // namespace chatd::gateway
