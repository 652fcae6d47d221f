// SPDX-License-Identifier: GPL-3.0-or-later
// flood_log.hpp — log messages about datagrams that the limits refuse: a line for the first
// datagram of a network, and a summary for each period.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Owns:      a table of fixed size; counting does not allocate.
// Invariant: the number of lines is bounded, however many datagrams and source addresses (real
//            or forged) there are: at most kNamed + 2 summary lines in kPeriod, and lines for
//            new networks: a burst of kNewSources, then one each kPeriod.
// See:       packaging/fail2ban, which reads the lines.
#pragma once

#include <cstdint>

#include "common/base/address.hpp"
#include "common/base/rate_limit.hpp"
#include "daemon/limits/top_sources.hpp"

namespace chatd::gateway {

// The limit that refused a datagram.
enum class Limit : std::uint8_t {
  unauthenticated,  // replies to peers that are not members, see unauthenticated_limits.hpp
  networks,         // text.networks
  messages,         // limits.messages_per_second and limits.burst
};

class FloodLog {
 public:
  // The time that one summary covers.
  static constexpr Micros kPeriod = std::chrono::seconds{10};
  // The number of networks that a summary names; the others share one line.
  static constexpr std::size_t kNamed = 8;
  // The number of lines for new networks that may be logged without a pause.
  static constexpr std::uint32_t kNewSources = 10;

  // Counts one refused datagram, or one refused message in it. The first one of a network is
  // logged immediately.
  void refused(const IpAddress& from, Limit limit, MonoTime now);
  // The same for a login. `is_logged`: it has its own line already, see refusal_log.hpp.
  void refused_login(const IpAddress& from, bool is_logged, MonoTime now);

  // Counts one datagram that limits.unauthenticated_per_second dropped. Its source address may be
  // forged, so no address is logged for it.
  void dropped(MonoTime now);

  // Writes the summary when the period is over. The gateway calls it about once a second.
  void tick(MonoTime now);
  // Writes what is left. Called once, when this process ends.
  void finish(MonoTime now);

 private:
  TopSources::Source* note(const IpAddress& from, MonoTime now);
  void write_summary(MonoTime now);

  [[nodiscard]] bool is_empty() const noexcept { return sources_.total() + dropped_ == 0; }

  TopSources sources_;
  std::uint64_t dropped_{0};
  MonoTime began_{};  // time of the first refusal of this period
  RateLimit new_sources_{1e6 / static_cast<double>(kPeriod.count()), kNewSources};
  std::int64_t new_source_arrival_{0};
};

}  // namespace chatd::gateway
