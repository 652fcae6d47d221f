// SPDX-License-Identifier: GPL-3.0-or-later
// reply_budget.hpp — a rate limit for each source network, for replies to unauthenticated peers
// or other expensive work; see network_of().
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      a table of fixed size; nothing is allocated, however many networks send.
// Why:       the source address of a datagram can be forged; then the reply goes to a victim. A
//            user never asks faster than this limit, and a forged flood causes few replies.
// Invariant: networks with the same hash share one budget. The hash has a secret key, so a
//            sender cannot choose addresses that share the budget of another network.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"

namespace chatd::gateway {

class ReplyBudget {
 public:
  // `hash_key` is random and secret. Each network gets a burst of `burst` replies, then
  // `per_second`.
  explicit ReplyBudget(std::uint64_t hash_key, double per_second = kAnswersPerSecond,
                       std::uint32_t burst = kBurst) noexcept
      : limit_{per_second, burst}, hash_key_{hash_key} {}

  // Charges one reply to the network of `address`. False: its budget is used up.
  [[nodiscard]] bool may_answer(const IpAddress& address, MonoTime now) noexcept {
    std::int64_t& arrival = arrivals_[hash_of(network_of(address), hash_key_) % arrivals_.size()];
    return !limit_.refuse(arrival, now);
  }

 private:
  // Enough for a classroom behind one address (NAT) whose users all choose names in use.
  static constexpr double kAnswersPerSecond = 50;
  static constexpr std::uint32_t kBurst = 100;

  RateLimit limit_;
  std::uint64_t hash_key_;
  std::array<std::int64_t, 4096> arrivals_{};
};

}  // namespace chatd::gateway
