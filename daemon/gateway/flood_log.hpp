// SPDX-License-Identifier: GPL-3.0-or-later
// flood_log.hpp — what the limits refuse, in few lines of the service's log.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Owns:      a table of fixed size; counting neither allocates nor logs.
// Invariant: however much is refused, and from however many addresses, true or forged, there
//            are at most kNamed + 2 lines in kPeriod, and one for a newcomer: kNewcomers at
//            once, and one more each kPeriod.
// See:       packaging/fail2ban, which reads the lines.
#pragma once

#include <cstdint>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "daemon/gateway/loudest_sources.hpp"

namespace chatd::gateway {

// Which limit it was.
enum class Limit : std::uint8_t {
  strangers,  // what somebody outside of the room is answered, see stranger_budget.hpp
  networks,   // text.networks
  messages,   // limits.messages_per_second and limits.burst
};

class FloodLog {
 public:
  static constexpr Micros kPeriod = std::chrono::seconds{10};
  static constexpr std::size_t kNamed = 8;
  static constexpr std::uint32_t kNewcomers = 10;

  // One datagram, or one message in it. The first of an address is logged at once.
  void refused(const IpAddress& from, Limit limit, MonoTime now);
  // The same for a login; `told`: it has a line of its own, see refusal_log.hpp.
  void refused_login(const IpAddress& from, bool told, MonoTime now);

  // One datagram of a stranger, since more came than can be answered. It may be anybody's, so
  // nobody is named for it.
  void dropped(MonoTime now);

  // About once a second: writes the summary when its time has come.
  void tick(MonoTime now);
  // Writes what is left: this process ends.
  void finish(MonoTime now);

 private:
  LoudestSources::Source* note(const IpAddress& from, MonoTime now);
  void write_summary(MonoTime now);

  [[nodiscard]] bool is_empty() const noexcept { return sources_.total() + dropped_ == 0; }

  LoudestSources sources_;
  std::uint64_t dropped_{0};
  MonoTime began_{};  // the period, by its first refusal
  RateLimit newcomers_{1e6 / static_cast<double>(kPeriod.count()), kNewcomers};
  std::int64_t newcomer_arrival_{0};
};

}  // namespace chatd::gateway
