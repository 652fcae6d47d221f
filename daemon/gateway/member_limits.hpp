// SPDX-License-Identifier: GPL-3.0-or-later
// member_limits.hpp — how many packets of one native member are opened, and how many answers it
// gets that are no acknowledgements. Its commands have a limit of their own, see Room::charge().
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      three words for each slot. Borrows the counters.
// Invariant: only packets that open are charged, but for those that are far ahead: who forges a
//            member's packets takes nothing of it.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/words.hpp"

namespace chatd::gateway {

class MemberLimits {
 public:
  // A member whose commands or acknowledgements come faster takes what is dropped for a loss, and
  // goes slower.
  static constexpr double kPacketsPerSecond = 2000;
  static constexpr std::uint32_t kPacketsAtOnce = 4000;
  // A client asks once in twenty seconds, once a second while it has lost touch, and gets a
  // challenge for each packet of the round trip in which its address changes.
  static constexpr double kAnswersPerSecond = 100;
  static constexpr std::uint32_t kAnswersAtOnce = 100;

  // Packets whose key is two epochs or more ahead: each is made from the one before it, for a
  // packet that may open under none. A client that was away for hours sends one.
  static constexpr double kFarAheadPerSecond = 10;
  static constexpr std::uint32_t kFarAheadAtOnce = 20;

  MemberLimits(std::size_t slots, state::GatewayCounters& counters)
      : members_(slots), counters_{counters} {}

  // Another session is in the slot.
  void begin(std::uint32_t slot) noexcept { members_[slot] = {}; }

  // False: the packet is to be dropped unopened, which is counted.
  [[nodiscard]] bool may_open(std::uint32_t slot, MonoTime now) const noexcept {
    std::int64_t arrival = members_[slot].packets;
    if (!packet_rate_.refuse(arrival, now)) return true;
    state::count(counters_.datagrams_dropped_overload);
    return false;
  }
  // After may_open(): it was the member's.
  void opened(std::uint32_t slot, MonoTime now) noexcept {
    (void)packet_rate_.refuse(members_[slot].packets, now);
  }
  // The same for a packet that is two epochs ahead. Charged whether it opens or not.
  [[nodiscard]] bool may_look_ahead(std::uint32_t slot, MonoTime now) noexcept {
    return !far_ahead_rate_.refuse(members_[slot].far_ahead, now);
  }
  // One more PONG, PATH_RESPONSE or PATH_CHALLENGE. False: it has had enough, which is counted.
  [[nodiscard]] bool may_answer(std::uint32_t slot, MonoTime now) noexcept {
    if (!answer_rate_.refuse(members_[slot].answers, now)) return true;
    state::count(counters_.answers_suppressed);
    return false;
  }

 private:
  struct Words {  // of the limits, see RateLimit
    std::int64_t packets{0};
    std::int64_t far_ahead{0};
    std::int64_t answers{0};
  };
  RateLimit packet_rate_{kPacketsPerSecond, kPacketsAtOnce};
  RateLimit answer_rate_{kAnswersPerSecond, kAnswersAtOnce};
  RateLimit far_ahead_rate_{kFarAheadPerSecond, kFarAheadAtOnce};
  std::vector<Words> members_;
  state::GatewayCounters& counters_;
};

}  // namespace chatd::gateway
