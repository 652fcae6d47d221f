// SPDX-License-Identifier: GPL-3.0-or-later
// size_probe.hpp — finds how long datagrams may be on the way to one member.
//
// Runs in:   gateway, for each native member. Pure.
// Source:    RFC 8899 (DPLPMTUD), simplified: a ladder instead of a search. A PING padded to
//            the next size goes out when longer datagrams would help; its PONG is the proof.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/wire/native_packet.hpp"

namespace chatd::transport {

// Ethernet behind a tunnel, under IPv6, under IPv4; anything with jumbo frames or without a
// wire at all. Payload of one UDP datagram.
inline constexpr std::array<std::uint16_t, 4> kProbeSizes{1392, 1452, 1472, wire::kMaxDatagram};

struct SizeProbe {
  static constexpr std::uint8_t kMostTries = 3;               // RFC 8899, MAX_PROBES
  static constexpr std::chrono::seconds kRaiseAgain{600};     // RFC 8899, PMTU_RAISE_TIMER
  static constexpr std::chrono::milliseconds kBetween{1000};  // an answer takes no longer

  // The size to try now, when datagrams of `current` bytes get through; 0: none.
  [[nodiscard]] std::uint16_t due(std::uint16_t current, MonoTime now) noexcept {
    if (now < not_before) return 0;
    const auto next = std::ranges::upper_bound(kProbeSizes, current);
    if (next == kProbeSizes.end()) return 0;
    if (tries == kMostTries) {
      give_up(now);
      return 0;
    }
    ++tries;
    not_before = now + kBetween;
    return *next;
  }
  // A probe came back.
  void answered() noexcept { *this = {}; }
  // The next size does not get through, or what did so far does not any more.
  void give_up(MonoTime now) noexcept {
    tries = 0;
    not_before = now + kRaiseAgain;
  }

  MonoTime not_before{};
  std::uint8_t tries{0};
};

}  // namespace chatd::transport
