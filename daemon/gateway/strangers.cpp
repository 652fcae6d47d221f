// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/strangers.hpp"

#include <algorithm>

#include "daemon/state/words.hpp"

namespace chatd::gateway {

Strangers::Strangers(std::uint32_t per_second, std::uint64_t hash_key,
                     state::GatewayCounters& counters, FloodLog& floods) noexcept
    : together_{static_cast<double>(per_second), std::max<std::uint32_t>(per_second / 2, 1)},
      answers_{hash_key},
      counters_{counters},
      floods_{floods} {}

bool Strangers::admit(MonoTime now) {
  if (!together_.refuse(arrival_, now)) return true;
  state::count(counters_.datagrams_dropped_overload);
  floods_.dropped(now);
  return false;
}

bool Strangers::may_answer(const IpAddress& address, MonoTime now) {
  if (answers_.may_answer(address, now)) return true;
  state::count(counters_.answers_suppressed);
  floods_.refused(address, Limit::strangers, now);
  return false;
}

}  // namespace chatd::gateway
