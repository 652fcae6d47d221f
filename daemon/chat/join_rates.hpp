// SPDX-License-Identifier: GPL-3.0-or-later
// join_rates.hpp — limits how many joins of one person, and of one network, a room tells by name.
// The room's own rate is that of Crowd.
//
// Runs in:   gateway. Private memory: the next gateway begins with full rates. Pure: the time is an
//            argument.
// Invariant: a person has at most 10 told joins at once and one in 10 s, the persons of a network
//            together 15 and one a second. So a user that joins and leaves without pause, also with
//            many keys, leaves a quarter of the room's burst and four fifths of its rate for
//            others. Text sessions whose address may be forged are one network together. Members of
//            the server's machine are no network; a text member of it is no person either. A rate
//            has an entry while it is not whole: the room's rate limits their number.
#pragma once

#include <map>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "daemon/chat/types.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::chat {

class JoinRates {
 public:
  static constexpr std::uint32_t kOfAPerson = 10;  // at once
  static constexpr double kOfAPersonPerSecond = 0.1;
  static constexpr std::uint32_t kOfANetwork = 15;
  static constexpr double kOfANetworkPerSecond = 1;

  // A member that joins a room.
  struct Joiner {
    state::PersonId person{};  // PersonId{}: a text member
    IpAddress address{};       // may_be_spoofed: the same value for all of them
  };

  // False: the person of the joining member, or its network, has used up its rate.
  [[nodiscard]] bool admits(const Joiner& joiner, MonoTime now) const;
  // The join is told by name.
  void charge(const Joiner& joiner, MonoTime now);

 private:
  // The state of each person's and each network's limit, see RateLimit.
  std::map<state::PersonId, std::int64_t> persons_;
  std::map<IpAddress, std::int64_t, AddressOrder> networks_;
};

}  // namespace chatd::chat
