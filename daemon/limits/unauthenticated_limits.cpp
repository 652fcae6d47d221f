// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/unauthenticated_limits.hpp"

#include <algorithm>

#include "daemon/state/counters.hpp"

namespace chatd::gateway {

namespace {

// New sessions from one network. The burst is enough for an audience behind one address that logs
// in at the same time. A handshake costs some hundred microseconds, so one network uses at most a
// few hundredths of a core.
constexpr double kSessionsPerSecond = 100;
constexpr std::uint32_t kSessionsAtOnce = 500;
// A client that receives BUSY retries; one that receives nothing fails after a timeout. So peers
// with a valid cookie get a higher reply rate than others, for an audience behind one address. The
// address is proven, so these replies cannot be directed at a spoofed victim.
constexpr double kProvedAnswersPerSecond = 500;
constexpr std::uint32_t kProvedAnswersAtOnce = 1000;
// Text replies to other machines, all together: each may go to a spoofed victim, and is longer
// than the request. 500 a second are 50 kB.
constexpr double kTextAnswersPerSecond = 500;
constexpr std::uint32_t kTextAnswersAtOnce = 1000;
// Answers to SEEKs for one network. A client sends three of them over each of its links.
constexpr double kSeeksPerSecond = 10;
constexpr std::uint32_t kSeeksAtOnce = 20;

}  // namespace

UnauthenticatedLimits::UnauthenticatedLimits(std::uint32_t per_second, std::uint64_t hash_key,
                                             state::GatewayCounters& counters,
                                             FloodLog& floods) noexcept
    : admit_rate_{static_cast<double>(per_second), std::max<std::uint32_t>(per_second / 2, 1)},
      answers_{ReplyBudget{hash_key},
               ReplyBudget{hash_key, kProvedAnswersPerSecond, kProvedAnswersAtOnce}},
      sessions_{ReplyBudget{hash_key, kSessionsPerSecond, kSessionsAtOnce},
                ReplyBudget{hash_key, kSessionsPerSecond, kSessionsAtOnce}},
      seeks_{hash_key, kSeeksPerSecond, kSeeksAtOnce},
      text_answers_{kTextAnswersPerSecond, kTextAnswersAtOnce},
      unproved_sessions_{kSessionsPerSecond, kSessionsAtOnce},
      counters_{counters},
      floods_{floods} {}

bool UnauthenticatedLimits::admit(MonoTime now) { return admit(Origin::native, now); }

bool UnauthenticatedLimits::admit_text(const IpAddress& address, MonoTime now) {
  return admit(is_loopback(address) ? Origin::local_text : Origin::remote_text, now);
}

bool UnauthenticatedLimits::admit(Origin origin, MonoTime now) {
  if (!admit_rate_.refuse(arrivals_[static_cast<std::size_t>(origin)], now)) return true;
  state::count(counters_.datagrams_dropped_overload);
  floods_.dropped(now);
  return false;
}

bool UnauthenticatedLimits::may_answer(const IpAddress& address, Proof proof, MonoTime now) {
  if (answers_[static_cast<std::size_t>(proof)].may_answer(address, now)) return true;
  refused(address, now);
  return false;
}

bool UnauthenticatedLimits::may_answer_text(const IpAddress& address, MonoTime now) {
  if (!is_loopback(address) && text_answers_.refuse(text_answers_arrival_, now)) {
    refused(address, now);
    return false;
  }
  return may_answer(address, Proof::none, now);
}

bool UnauthenticatedLimits::may_answer_seek(const IpAddress& address, MonoTime now) {
  if (seeks_.may_answer(address, now)) return true;
  state::count(counters_.answers_suppressed);
  return false;
}

bool UnauthenticatedLimits::may_begin(const IpAddress& address, Proof proof, MonoTime now) {
  // No limit for programs of this machine: they can load it more with other means.
  if (is_loopback(address)) return true;
  if (!sessions_[static_cast<std::size_t>(proof)].may_answer(address, now)) return false;
  return proof == Proof::cookie || !unproved_sessions_.refuse(unproved_arrival_, now);
}

void UnauthenticatedLimits::refused(const IpAddress& address, MonoTime now) {
  state::count(counters_.answers_suppressed);
  floods_.refused(address, Limit::unauthenticated, now);
}

}  // namespace chatd::gateway
