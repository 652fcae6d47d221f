// SPDX-License-Identifier: GPL-3.0-or-later
// network_rate.hpp — how often browsers may ask for something expensive: each network, and all of
// them together.
//
// Runs in:   web. Pure: the time is an argument.
// Owns:      a table of fixed size: networks with the same hash share one rate. The hash has a
//            secret key, so that nobody can choose an address that shares another network's rate.
// Invariant: what is refused is not charged. Browsers of this machine are a network like any other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"

namespace chatd::web {

class NetworkRate {
 public:
  // `hash_key` is random and secret.
  NetworkRate(const RateLimit& network, const RateLimit& total, std::uint64_t hash_key)
      : network_{network}, total_{total}, hash_key_{hash_key}, arrivals_(kNetworks) {}

  // nullopt: one more from this address is admitted. Otherwise the time to wait.
  [[nodiscard]] std::optional<Micros> refuse(const IpAddress& address, MonoTime now) {
    std::int64_t& arrival = arrivals_[hash_of(network_of(address), hash_key_) % kNetworks];
    std::int64_t charged = arrival;
    if (const auto wait = network_.refuse(charged, now)) return wait;
    if (const auto wait = total_.refuse(total_arrival_, now)) return wait;
    arrival = charged;
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kNetworks = 4096;

  RateLimit network_;
  RateLimit total_;
  std::uint64_t hash_key_;
  std::vector<std::int64_t> arrivals_;  // of each network, see RateLimit
  std::int64_t total_arrival_{0};
};

}  // namespace chatd::web
