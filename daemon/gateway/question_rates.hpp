// SPDX-License-Identifier: GPL-3.0-or-later
// question_rates.hpp — limits how often members ask about stored lines.
//
// Runs in:   gateway. Private memory. Pure: the time is an argument.
// Invariant: a person asks limits.questions_per_second over time and 5 at once, with all of its
//            programs together; the persons of a network 8 times as many. Members of the server's
//            machine are not one network.
//            A question of a person that comes too early is not read, as any command above a rate.
//            One of a network that asks too much is refused: it would hold up what its sender has
//            written behind it, and others can use up that rate.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "common/base/rate_limit.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class QuestionRates {
 public:
  static constexpr std::uint32_t kAtOnce = 5;
  static constexpr std::uint32_t kPersonsOfANetwork = 8;

  explicit QuestionRates(double per_second)
      : person_{per_second, kAtOnce},
        network_{per_second * kPersonsOfANetwork, kAtOnce * kPersonsOfANetwork} {}

  // Charges the person. A result: nothing was charged, the question must wait for this time.
  [[nodiscard]] std::optional<Micros> refuse(state::PersonId person, MonoTime now) {
    return charge(persons_, person, person_, now);
  }
  // Charges the network. True: nothing was charged, the question is refused.
  [[nodiscard]] bool refuse_network(const IpAddress& address, MonoTime now) {
    if (is_loopback(address)) return false;
    return charge(networks_, network_of(address), network_, now).has_value();
  }
  // Forgets those that have their whole burst again.
  void tick(MonoTime now) {
    const std::int64_t time = now.time_since_epoch().count();
    const auto is_over = [time](const auto& entry) { return entry.second <= time; };
    std::erase_if(persons_, is_over);
    std::erase_if(networks_, is_over);
  }

 private:
  template <class Map, class Key>
  static std::optional<Micros> charge(Map& map, const Key& key, const RateLimit& limit,
                                      MonoTime now) {
    const auto at = map.find(key);
    std::int64_t arrival = at == map.end() ? 0 : at->second;
    const auto wait = limit.refuse(arrival, now);
    if (!wait) map.insert_or_assign(key, arrival);
    return wait;
  }

  RateLimit person_;
  RateLimit network_;
  std::map<state::PersonId, std::int64_t> persons_;
  std::map<IpAddress, std::int64_t, chat::AddressOrder> networks_;
};

}  // namespace chatd::gateway
