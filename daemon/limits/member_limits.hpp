// SPDX-License-Identifier: GPL-3.0-or-later
// member_limits.hpp — rate limits for each native member: packets that are opened (decrypted), and
// replies other than acknowledgements. Commands have a separate limit, see Sessions::charge().
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      three 64-bit words for each slot. Borrows the counters.
// Invariant: only packets that open are charged, so forged packets do not consume a member's
//            packet rate. The exception are packets that are far ahead, which have their own limit.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

class MemberLimits {
 public:
  // A client that sends faster sees the dropped packets as lost, and its congestion control slows
  // down.
  static constexpr double kPacketsPerSecond = 2000;
  static constexpr std::uint32_t kPacketsAtOnce = 4000;
  // A client sends a PING every twenty seconds, and every second while it gets no answer. When its
  // address changes, it gets a challenge for each of its packets during one round trip.
  static constexpr double kAnswersPerSecond = 100;
  static constexpr std::uint32_t kAnswersAtOnce = 100;

  // Packets that are two or more key phases ahead. Each key is derived from the one before, which
  // is expensive for a packet that may not open at all. A client that was suspended for hours sends
  // one such packet.
  static constexpr double kFarAheadPerSecond = 10;
  static constexpr std::uint32_t kFarAheadAtOnce = 20;

  MemberLimits(std::size_t slots, state::GatewayCounters& counters)
      : members_(slots), counters_{counters} {}

  // Resets the limits of the slot: a new session uses it.
  void begin(state::Slot slot) noexcept { members_[slot] = {}; }

  // False: the limit is reached, which is counted; the caller drops the packet unopened. Charges
  // nothing.
  [[nodiscard]] bool may_open(state::Slot slot, MonoTime now) const noexcept {
    std::int64_t arrival = members_[slot].packets;
    if (!packet_rate_.refuse(arrival, now)) return true;
    state::count(counters_.datagrams_dropped_overload);
    return false;
  }
  // Charges a packet that opened, after may_open().
  void opened(state::Slot slot, MonoTime now) noexcept {
    (void)packet_rate_.refuse(members_[slot].packets, now);
  }
  // Charges a packet that is two or more key phases ahead, whether it opens or not. False: the
  // caller drops it.
  [[nodiscard]] bool may_look_ahead(state::Slot slot, MonoTime now) noexcept {
    return !far_ahead_rate_.refuse(members_[slot].far_ahead, now);
  }
  // Charges one PONG, PATH_RESPONSE or PATH_CHALLENGE. False: the limit is reached, which is
  // counted, and the caller sends nothing.
  [[nodiscard]] bool may_answer(state::Slot slot, MonoTime now) noexcept {
    if (!answer_rate_.refuse(members_[slot].answers, now)) return true;
    state::count(counters_.answers_suppressed);
    return false;
  }

 private:
  struct Arrivals {  // the state of each limit, see RateLimit
    std::int64_t packets{0};
    std::int64_t far_ahead{0};
    std::int64_t answers{0};
  };
  RateLimit packet_rate_{kPacketsPerSecond, kPacketsAtOnce};
  RateLimit answer_rate_{kAnswersPerSecond, kAnswersAtOnce};
  RateLimit far_ahead_rate_{kFarAheadPerSecond, kFarAheadAtOnce};
  std::vector<Arrivals> members_;
  state::GatewayCounters& counters_;
};

}  // namespace chatd::gateway
