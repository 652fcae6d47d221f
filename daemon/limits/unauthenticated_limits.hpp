// SPDX-License-Identifier: GPL-3.0-or-later
// unauthenticated_limits.hpp — rate limits for datagrams of unauthenticated peers (senders that
// are not members): how many datagrams are processed in total, how many replies each network gets,
// and how many sessions may begin from each network.
//
// Runs in:   gateway; both protocols share one object.
// Owns:      the limits. Borrows: the counters, the FloodLog.
// Why:       limits with a proven address (a valid cookie) are separate from those without, so
//            spoofed datagrams do not consume the budget of the proven address. The text protocol
//            proves no address, and a sender that spoofs addresses has any number of networks, so
//            text from other machines also has limits for all networks together.
// Invariant: admit() and admit_text() are not called for a sealed packet of a session, a text
//            datagram from a member's address, or a datagram with a valid cookie or handshake of
//            this gateway. So a flood of spoofed datagrams does not affect members, nor clients
//            whose login has begun. (After a gateway is killed, the successor does not know the
//            cookies and handshakes; these clients begin again as unauthenticated peers.)
#pragma once

#include <array>
#include <cstdint>

#include "common/base/rate_limit.hpp"
#include "daemon/limits/flood_log.hpp"
#include "daemon/limits/reply_budget.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

// The proof that the source address of a datagram is not spoofed.
enum class Proof : std::uint8_t { none, cookie };

class UnauthenticatedLimits {
 public:
  // `per_second` is limits.unauthenticated_per_second: the rate for each origin (native, local
  // text, remote text); 0: no limit. The burst is half of it, for many logins at the same time.
  // `hash_key`: see ReplyBudget.
  UnauthenticatedLimits(std::uint32_t per_second, std::uint64_t hash_key,
                        state::GatewayCounters& counters, FloodLog& floods) noexcept;

  // Charges one native datagram. False: too many; it is counted, and the caller drops it.
  [[nodiscard]] bool admit(MonoTime now);
  // The same for a text datagram. Text from this machine and from others has separate limits, so a
  // flood of spoofed text does not block local or native clients that log in.
  [[nodiscard]] bool admit_text(const IpAddress& address, MonoTime now);
  // Charges one reply to `address`. False: the limit of its network is reached, which is counted.
  [[nodiscard]] bool may_answer(const IpAddress& address, Proof proof, MonoTime now);
  // The same for text; replies to other machines have an additional limit for all together.
  [[nodiscard]] bool may_answer_text(const IpAddress& address, MonoTime now);
  // Charges one answer to a SEEK of `address`; it is not longer than the SEEK. False: the limit of
  // its network is reached, which is counted, and not logged: nobody is refused anything.
  [[nodiscard]] bool may_answer_seek(const IpAddress& address, MonoTime now);
  // Charges one new session from `address`: it costs a key exchange, and the room gets a join
  // line. False: the limit of its network is reached, or the one for all sessions without a proof
  // together; this is not counted here. Loopback addresses have no limit.
  [[nodiscard]] bool may_begin(const IpAddress& address, Proof proof, MonoTime now);
  // Counts a datagram from `address` that gets no reply.
  void refused(const IpAddress& address, MonoTime now);

 private:
  enum class Origin : std::uint8_t { native, local_text, remote_text };
  [[nodiscard]] bool admit(Origin origin, MonoTime now);

  RateLimit admit_rate_;
  std::array<std::int64_t, 3> arrivals_{};  // by Origin; see RateLimit
  std::array<ReplyBudget, 2> answers_;      // by Proof
  std::array<ReplyBudget, 2> sessions_;     // by Proof
  ReplyBudget seeks_;
  RateLimit text_answers_;
  std::int64_t text_answers_arrival_{0};
  RateLimit unproved_sessions_;
  std::int64_t unproved_arrival_{0};
  state::GatewayCounters& counters_;
  FloodLog& floods_;
};

}  // namespace chatd::gateway
