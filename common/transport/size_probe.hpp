// SPDX-License-Identifier: GPL-3.0-or-later
// size_probe.hpp — finds the largest datagram that the path to one member carries.
//
// Runs in:   gateway, for each native member. Pure.
// Source:    RFC 8899 (DPLPMTUD), simplified: a list of sizes instead of a search. A PING padded to
//            the next size is sent when longer datagrams would help; its PONG confirms the size.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::transport {

// Payload bytes of one UDP datagram: Ethernet behind a tunnel, under IPv6, under IPv4; a link with
// jumbo frames, or loopback.
inline constexpr std::array<std::uint16_t, 4> kProbeSizes{1392, 1452, 1472, wire::kMaxDatagram};

struct SizeProbe {
  static constexpr std::uint8_t kMaxTries = 3;                // RFC 8899, MAX_PROBES
  static constexpr std::chrono::seconds kRaiseAgain{600};     // RFC 8899, PMTU_RAISE_TIMER
  static constexpr std::chrono::milliseconds kBetween{1000};  // an answer takes no longer

  // The size to try now, when datagrams of `current` bytes arrive; 0: none.
  [[nodiscard]] std::uint16_t due(std::uint16_t current, MonoTime now) noexcept {
    if (now < not_before) return 0;
    const auto next = std::ranges::upper_bound(kProbeSizes, current);
    if (next == kProbeSizes.end()) return 0;
    if (tries == kMaxTries) {
      give_up(now);
      return 0;
    }
    ++tries;
    not_before = now + kBetween;
    return *next;
  }
  // The PONG of a probe arrived.
  void answered() noexcept { *this = {}; }
  // The next size does not arrive, or the current one does not arrive any more.
  void give_up(MonoTime now) noexcept {
    tries = 0;
    not_before = now + kRaiseAgain;
  }

  MonoTime not_before{};
  std::uint8_t tries{0};
};

}  // namespace chatd::transport
