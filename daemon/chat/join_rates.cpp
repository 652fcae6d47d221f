// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/join_rates.hpp"

namespace chatd::chat {

namespace {

const RateLimit kPerson{JoinRates::kOfAPersonPerSecond, JoinRates::kOfAPerson};
const RateLimit kNetwork{JoinRates::kOfANetworkPerSecond, JoinRates::kOfANetwork};

template <class Map, class Key>
bool is_admitted(const Map& rates, const Key& key, const RateLimit& limit, MonoTime now) {
  const auto at = rates.find(key);
  if (at == rates.end()) return true;
  std::int64_t arrival = at->second;
  return !limit.refuse(arrival, now);
}

template <class Map, class Key>
void charge_one(Map& rates, const Key& key, const RateLimit& limit, MonoTime now) {
  const std::int64_t time = now.time_since_epoch().count();
  std::erase_if(rates, [time](const auto& entry) { return entry.second <= time; });
  (void)limit.refuse(rates[key], now);
}

}  // namespace

bool JoinRates::admits(const Joiner& joiner, MonoTime now) const {
  if (joiner.person != state::PersonId{} && !is_admitted(persons_, joiner.person, kPerson, now)) {
    return false;
  }
  return is_loopback(joiner.address) ||
         is_admitted(networks_, network_of(joiner.address), kNetwork, now);
}

void JoinRates::charge(const Joiner& joiner, MonoTime now) {
  if (joiner.person != state::PersonId{}) charge_one(persons_, joiner.person, kPerson, now);
  if (!is_loopback(joiner.address)) {
    charge_one(networks_, network_of(joiner.address), kNetwork, now);
  }
}

}  // namespace chatd::chat
