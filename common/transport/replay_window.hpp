// SPDX-License-Identifier: GPL-3.0-or-later
// replay_window.hpp — finds packets whose counter was received before.
//
// Runs in:   gateway (in shared memory, for its successor), client. Pure.
// Invariant: a counter is committed once. A counter more than the window behind the highest one is
//            refused. The caller commits after the packet has authenticated. This holds also
//            if the process is killed at any instruction.
// Source:    RFC 6479: a ring of 64-bit words, one more than the window has. Words are cleared as
//            the highest counter moves, so that no bits are shifted.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace chatd::transport {

struct ReplayWindow {
  static constexpr std::size_t kWords = 16;
  static constexpr std::uint64_t kSize = (kWords - 1) * 64;  // counters

  std::uint64_t next{0};  // one more than the highest that was committed
  std::array<std::uint64_t, kWords> seen{};

  [[nodiscard]] bool is_fresh(std::uint64_t counter) const noexcept {
    if (counter >= next) return true;
    if (next - counter > kSize) return false;
    return (seen[(counter / 64) % kWords] & (1ULL << (counter % 64))) == 0;
  }
  void commit(std::uint64_t counter) noexcept {
    if (counter >= next) move_to(counter);
    seen[(counter / 64) % kWords] |= 1ULL << (counter % 64);
  }

 private:
  // The window moves before its new words are cleared. If the process is killed in between, its
  // successor refuses some fresh packets, which are sent again, and accepts no packet twice.
  void move_to(std::uint64_t counter) noexcept {
    const std::uint64_t first = next == 0 ? 0 : (next - 1) / 64 + 1;
    const std::uint64_t last = counter / 64;
    next = counter + 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);  // for the compiler
    if (last - first < kWords || last < first) {
      for (std::uint64_t word = first; word <= last; ++word) seen[word % kWords] = 0;
    } else {
      seen.fill(0);
    }
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
};

}  // namespace chatd::transport
