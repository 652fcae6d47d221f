// SPDX-License-Identifier: GPL-3.0-or-later
// stranger_budget.hpp — how many answers each network without a session gets, or anything else
// that is dear; see network_of().
//
// Runs in:   gateway. Pure: the time is an argument.
// Why:       the source of a datagram can be forged, and then our refusal hits somebody
//            else. A person never asks faster than this; a forged flood gets a trickle.
// Invariant: a fixed table, so strangers cost no memory. Networks that collide share a
//            budget, which is why the hash is keyed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"

namespace chatd::gateway {

class StrangerBudget {
 public:
  explicit StrangerBudget(std::uint64_t hash_key, double per_second = kAnswersPerSecond,
                          std::uint32_t burst = kBurst) noexcept
      : limit_{per_second, burst}, hash_key_{hash_key} {}

  [[nodiscard]] bool may_answer(const IpAddress& address, MonoTime now) noexcept {
    std::int64_t& arrival = arrivals_[hash_of(network_of(address), hash_key_) % arrivals_.size()];
    return !limit_.refuse(arrival, now);
  }

 private:
  // A whole classroom behind one address may log in with names that are taken.
  static constexpr double kAnswersPerSecond = 50;
  static constexpr std::uint32_t kBurst = 100;

  RateLimit limit_;
  std::uint64_t hash_key_;
  std::array<std::int64_t, 4096> arrivals_{};
};

}  // namespace chatd::gateway
