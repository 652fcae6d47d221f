// SPDX-License-Identifier: GPL-3.0-or-later
// strangers.hpp — what is done for those who are not in the room: so many datagrams of all of them
// together are looked at, and so many answers go to each address.
//
// Runs in:   gateway; one for both protocols.
// Owns:      the two limits. Borrows: the counters, the flood's log.
// Invariant: who is in the room, or has proved its address on the way there, is never asked for
//            here: a flood costs the members nothing.
#pragma once

#include <cstdint>

#include "common/base/rate_limit.hpp"
#include "daemon/gateway/flood_log.hpp"
#include "daemon/gateway/stranger_budget.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

class Strangers {
 public:
  // limits.strangers_per_second; half a second's may come at once, as when a hall comes in.
  Strangers(std::uint32_t per_second, std::uint64_t hash_key, state::GatewayCounters& counters,
            FloodLog& floods) noexcept;

  // One more datagram that wants something. False: too many come, it is counted and to be dropped.
  [[nodiscard]] bool admit(MonoTime now);
  // One more answer to there. False: it has had enough of them, which is counted.
  [[nodiscard]] bool may_answer(const IpAddress& address, MonoTime now);

 private:
  RateLimit together_;
  std::int64_t arrival_{0};
  StrangerBudget answers_;
  state::GatewayCounters& counters_;
  FloodLog& floods_;
};

}  // namespace chatd::gateway
