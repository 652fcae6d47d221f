// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/strangers.hpp"

#include <algorithm>

#include "daemon/state/words.hpp"

namespace chatd::gateway {

namespace {

// Of one network: a hall that comes in at once, and then more than it ever will. A handshake costs
// some hundred microseconds, so nobody gets more than a few hundredths of a core.
constexpr double kNewcomersPerSecond = 100;
constexpr std::uint32_t kNewcomersAtOnce = 500;
// Who is told to wait goes on waiting, and gives up where it is told nothing: a hall behind one
// address. Nobody else can be made to get these answers.
constexpr double kProvedAnswersPerSecond = 500;
constexpr std::uint32_t kProvedAnswersAtOnce = 1000;
// Text answers to other machines, all together: each may hit somebody who asked for nothing, and is
// longer than what asks for it. 500 a second are 50 kB.
constexpr double kTextAnswersPerSecond = 500;
constexpr std::uint32_t kTextAnswersAtOnce = 1000;

}  // namespace

Strangers::Strangers(std::uint32_t per_second, std::uint64_t hash_key,
                     state::GatewayCounters& counters, FloodLog& floods) noexcept
    : together_{static_cast<double>(per_second), std::max<std::uint32_t>(per_second / 2, 1)},
      answers_{StrangerBudget{hash_key},
               StrangerBudget{hash_key, kProvedAnswersPerSecond, kProvedAnswersAtOnce}},
      newcomers_{StrangerBudget{hash_key, kNewcomersPerSecond, kNewcomersAtOnce},
                 StrangerBudget{hash_key, kNewcomersPerSecond, kNewcomersAtOnce}},
      text_answers_{kTextAnswersPerSecond, kTextAnswersAtOnce},
      unproved_newcomers_{kNewcomersPerSecond, kNewcomersAtOnce},
      counters_{counters},
      floods_{floods} {}

bool Strangers::admit(MonoTime now) { return admit(Account::native, now); }

bool Strangers::admit_text(const IpAddress& address, MonoTime now) {
  return admit(is_loopback(address) ? Account::local_text : Account::remote_text, now);
}

bool Strangers::admit(Account account, MonoTime now) {
  if (!together_.refuse(arrivals_[static_cast<std::size_t>(account)], now)) return true;
  state::count(counters_.datagrams_dropped_overload);
  floods_.dropped(now);
  return false;
}

bool Strangers::may_answer(const IpAddress& address, Proof proof, MonoTime now) {
  if (answers_[static_cast<std::size_t>(proof)].may_answer(address, now)) return true;
  refused(address, now);
  return false;
}

bool Strangers::may_answer_text(const IpAddress& address, MonoTime now) {
  if (!is_loopback(address) && text_answers_.refuse(text_answers_arrival_, now)) {
    refused(address, now);
    return false;
  }
  return may_answer(address, Proof::none, now);
}

bool Strangers::may_begin(const IpAddress& address, Proof proof, MonoTime now) {
  // A program of this machine has dearer things to do to it.
  if (is_loopback(address)) return true;
  if (!newcomers_[static_cast<std::size_t>(proof)].may_answer(address, now)) return false;
  return proof == Proof::cookie || !unproved_newcomers_.refuse(unproved_arrival_, now);
}

void Strangers::refused(const IpAddress& address, MonoTime now) {
  state::count(counters_.answers_suppressed);
  floods_.refused(address, Limit::strangers, now);
}

}  // namespace chatd::gateway
