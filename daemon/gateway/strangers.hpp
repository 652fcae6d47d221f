// SPDX-License-Identifier: GPL-3.0-or-later
// strangers.hpp — what is done for those who are not in the room: so many datagrams of all of them
// together are looked at, so many answers go to each network, and so many come in from each. Who
// has proved its address has an account of its own: what is forged in its name takes nothing of it.
// Text from other machines proves nothing: one who forges addresses has as many networks as it
// likes, so that all of these also have one account together.
//
// Runs in:   gateway; one for both protocols.
// Owns:      the limits. Borrows: the counters, the flood's log.
// Invariant: admit() is never asked for a sealed packet of a session, for a text from a member's
//            address, nor for what carries a cookie or a handshake of this gateway: a flood of
//            forged datagrams costs the members nothing, nor those who have begun to come in.
//            (Those of a gateway that was killed are no more: they begin again, as strangers.)
#pragma once

#include <array>
#include <cstdint>

#include "common/base/rate_limit.hpp"
#include "daemon/gateway/flood_log.hpp"
#include "daemon/gateway/stranger_budget.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

// What says that the source of a datagram is not forged.
enum class Proof : std::uint8_t { none, cookie };

class Strangers {
 public:
  // limits.strangers_per_second, for each account of admit() and admit_text(); half a second's may
  // come at once, as when many people come in.
  Strangers(std::uint32_t per_second, std::uint64_t hash_key, state::GatewayCounters& counters,
            FloodLog& floods) noexcept;

  // One more native datagram that wants something. False: too many come, it is counted and to be
  // dropped.
  [[nodiscard]] bool admit(MonoTime now);
  // The same for text. What comes from this machine and what comes from others is counted apart,
  // so that a flood of forged text keeps neither local nor native newcomers out.
  [[nodiscard]] bool admit_text(const IpAddress& address, MonoTime now);
  // One more answer to there. False: it has had enough of them, which is counted.
  [[nodiscard]] bool may_answer(const IpAddress& address, Proof proof, MonoTime now);
  // The same for text: answers to other machines are also counted together.
  [[nodiscard]] bool may_answer_text(const IpAddress& address, MonoTime now);
  // One more newcomer from there: keys are made for it, and all the room is told. False: its
  // network brings too many, or all that prove nothing do together; not counted yet.
  [[nodiscard]] bool may_begin(const IpAddress& address, Proof proof, MonoTime now);
  // A datagram from there was not answered.
  void refused(const IpAddress& address, MonoTime now);

 private:
  enum class Account : std::uint8_t { native, local_text, remote_text };
  [[nodiscard]] bool admit(Account account, MonoTime now);

  RateLimit together_;
  std::array<std::int64_t, 3> arrivals_{};  // by Account
  std::array<StrangerBudget, 2> answers_;   // by Proof
  std::array<StrangerBudget, 2> newcomers_;
  RateLimit text_answers_;
  std::int64_t text_answers_arrival_{0};
  RateLimit unproved_newcomers_;
  std::int64_t unproved_arrival_{0};
  state::GatewayCounters& counters_;
  FloodLog& floods_;
};

}  // namespace chatd::gateway
