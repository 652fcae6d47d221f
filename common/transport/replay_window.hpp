// SPDX-License-Identifier: GPL-3.0-or-later
// replay_window.hpp — has a packet with this counter been here before?
//
// Runs in:   gateway (in shared memory, so that a successor knows too), client. Pure.
// Invariant: a counter is committed once; what is more than the window behind the highest is
//            refused. Commit only after the packet has authenticated. All of that holds
//            after a death at any instruction, too.
// Source:    RFC 6479: a ring of words, one more than the window has, so that words are
//            cleared as the highest moves and nothing is ever shifted.
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
  // The window moves before its new words are cleared: whoever is killed in between has a
  // successor that refuses what is fresh, which is sent again, and takes nothing a second time.
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
