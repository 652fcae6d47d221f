// SPDX-License-Identifier: GPL-3.0-or-later
// change_rates.hpp — limits how often members change rooms: topics, properties and rules.
//
// Runs in:   gateway. Private memory. Pure: the time is an argument.
// Invariant: a person makes at most 10 changes at once and 10 a minute, a network 60 and 60. So one
//            user with many keys can neither fill the table of rules nor use the gateway's time.
//            Members of the server's machine are not one network.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "common/base/rate_limit.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::chat {

class ChangeRates {
 public:
  static constexpr std::uint32_t kOfAPerson = 10;  // changes a minute, and at once
  static constexpr std::uint32_t kOfANetwork = 60;

  // Charges one change. A result: nothing was charged, the change must wait for this time.
  [[nodiscard]] std::optional<Micros> refuse(state::PersonId person, const IpAddress& address,
                                             MonoTime now) {
    std::int64_t own = value_or_zero(persons_, person);
    if (const auto wait = person_.refuse(own, now)) return wait;
    if (!is_loopback(address)) {
      const IpAddress network = network_of(address);
      std::int64_t of_all = value_or_zero(networks_, network);
      if (const auto wait = network_.refuse(of_all, now)) return wait;
      networks_.insert_or_assign(network, of_all);
    }
    persons_.insert_or_assign(person, own);
    return std::nullopt;
  }
  // Forgets persons and networks that have their whole burst again.
  void tick(MonoTime now) {
    const std::int64_t time = now.time_since_epoch().count();
    const auto is_over = [time](const auto& entry) { return entry.second <= time; };
    std::erase_if(persons_, is_over);
    std::erase_if(networks_, is_over);
  }

 private:
  template <class Map, class Key>
  static std::int64_t value_or_zero(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? 0 : at->second;
  }

  static constexpr double kSeconds = 60;
  RateLimit person_{kOfAPerson / kSeconds, kOfAPerson};
  RateLimit network_{kOfANetwork / kSeconds, kOfANetwork};
  // The state of each person's and network's limit, see RateLimit.
  std::map<state::PersonId, std::int64_t> persons_;
  std::map<IpAddress, std::int64_t, AddressOrder> networks_;
};

}  // namespace chatd::chat
