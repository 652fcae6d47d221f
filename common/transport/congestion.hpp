// SPDX-License-Identifier: GPL-3.0-or-later
// congestion.hpp — the congestion window: how many bytes may be in flight to one peer.
//
// Runs in:   worker (towards members), client (towards the server). Pure.
// Invariant: never under two datagrams. The caller reports one loss per round trip at most.
// Source:    RFC 9002 sections 7.2-7.3 (slow start, recovery), RFC 9438 for the factor 0.7,
//            RFC 8085 section 3.1 for the reason.
#pragma once

#include <algorithm>
#include <cstdint>

namespace chatd::transport {

inline constexpr std::uint32_t kDatagram = 1200;
inline constexpr std::uint32_t kFirstWindow = 14'720;  // or ten datagrams, if that is less
inline constexpr std::uint32_t kMinWindow = 2 * kDatagram;
inline constexpr std::uint32_t kMaxWindow = 4U << 20U;

struct Congestion {
  std::uint32_t window{std::min(kFirstWindow, 10 * kDatagram)};
  std::uint32_t threshold{kMaxWindow};  // below it: slow start

  // `bytes` were acknowledged while the window was full.
  void on_acked(std::uint32_t bytes) noexcept {
    const std::uint64_t growth =
        window < threshold ? bytes : std::uint64_t{kDatagram} * bytes / std::max(window, 1U);
    window = static_cast<std::uint32_t>(std::min<std::uint64_t>(window + growth, kMaxWindow));
  }
  // The peer misses bytes that were sent after the last loss was reported.
  void on_loss() noexcept {
    window = std::max(static_cast<std::uint32_t>(std::uint64_t{window} * 7 / 10), kMinWindow);
    threshold = window;
  }
  // Three probes in a row had no answer: the path may have changed.
  void on_silence() noexcept {
    threshold = std::max(window / 2, kMinWindow);
    window = kMinWindow;
  }
};

}  // namespace chatd::transport
