// SPDX-License-Identifier: GPL-3.0-or-later
// rtt.hpp — measures the round trip time, and derives the time limits for an answer.
//
// Runs in:   gateway and client (measure), worker (waits). Pure.
// Invariant: plain values, kept in shared memory as they are; srtt 0 means not measured.
// Source:    RFC 6298 for the smoothing, RFC 9002 section 6.2 for the probe time-out. Each
//            packet carries its sender's clock and echoes the peer's (as mosh does), so that
//            no packet has to be stored.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::transport {

// The longest delay of an acknowledgement. QUIC's (RFC 9000, 18.2).
inline constexpr Micros kMaxAckDelay{25'000};
// The same in a steady stream (AckWish::later). An acknowledgement costs the server as much as two
// messages; the next message shows a loss at once, and the sender probes when the stream stops.
inline constexpr Micros kSteadyAckDelay{1'000'000};
// The same where the sender's window is full (AckWish::hurry). Not 0: datagrams that arrive
// together are acknowledged together.
inline constexpr Micros kHurriedAckDelay{2'000};
// Before the first measurement; half of what RFC 9002 assumes of the Internet.
inline constexpr Micros kFirstProbe{150'000};
inline constexpr Micros kMinProbe{10'000};
inline constexpr Micros kMaxProbe{2'000'000};
// The kernel's timers and a busy receiver are no better than this.
inline constexpr Micros kGranularity{2'000};

struct Rtt {
  std::uint32_t smoothed{0};  // microseconds
  std::uint32_t variance{0};

  void add(std::uint32_t sample) noexcept {
    // A clock that wrapped, or a forged echo, is not a round trip.
    constexpr std::uint32_t kMaxSample = 60'000'000;
    if (sample > kMaxSample) return;
    sample = std::max(sample, 1U);
    if (smoothed == 0) {
      smoothed = sample;
      variance = sample / 2;
      return;
    }
    const std::uint32_t off = smoothed > sample ? smoothed - sample : sample - smoothed;
    variance = variance - variance / 4 + off / 4;
    smoothed = std::max(smoothed - smoothed / 8 + sample / 8, 1U);
  }

  // The time after which a sent packet without an acknowledgement, or the acknowledgement, counts
  // as lost. Doubled for each probe without an answer.
  [[nodiscard]] Micros probe_timeout(std::uint32_t probes) const noexcept {
    Micros base = kFirstProbe;
    if (smoothed != 0) {
      base = Micros{smoothed} + std::max<Micros>(Micros{4} * variance, kGranularity) + kMaxAckDelay;
    }
    base = std::max(base, kMinProbe);
    return std::min(base * (1U << std::min(probes, 16U)), kMaxProbe);
  }
  // The time in which the same bytes are not repaired again: the repair is in flight.
  [[nodiscard]] Micros repair_time() const noexcept {
    return std::max(Micros{smoothed + smoothed / 4}, Micros{10'000});
  }
};

// The low 32 bits of a microsecond clock, as they stand in packets.
[[nodiscard]] constexpr std::uint32_t clock_value(MonoTime now) noexcept {
  return static_cast<std::uint32_t>(now.time_since_epoch().count());
}

}  // namespace chatd::transport
