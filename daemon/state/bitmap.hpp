// SPDX-License-Identifier: GPL-3.0-or-later
// bitmap.hpp — bitmaps of slots: bit n is bit n % 64 of word n / 64.
//
// Runs in:   gateway, the only writer of bitmaps in shared memory; next_bit() in any process.
// Pure:      yes.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "daemon/log/crash_point.hpp"

namespace chatd::state {

using Bitmap = std::span<std::atomic<std::uint64_t>>;

inline void set_bit(Bitmap bitmap, std::uint32_t bit) noexcept {
  auto& word = bitmap[bit / 64];
  word.store(word.load(std::memory_order_relaxed) | (1ULL << (bit % 64)),
             std::memory_order_release);
  logs::crash_point();
}

inline void clear_bit(Bitmap bitmap, std::uint32_t bit) noexcept {
  auto& word = bitmap[bit / 64];
  word.store(word.load(std::memory_order_relaxed) & ~(1ULL << (bit % 64)),
             std::memory_order_release);
  logs::crash_point();
}

// The first bit from `from` on that is set. `words`: a Bitmap, or plain words in private memory.
template <class Words>
[[nodiscard]] std::optional<std::uint32_t> next_bit(const Words& words,
                                                    std::uint32_t from) noexcept {
  const auto load = [&](std::size_t i) -> std::uint64_t {
    if constexpr (requires { words[i].load(); }) {
      return words[i].load(std::memory_order_relaxed);
    } else {
      return words[i];
    }
  };
  std::size_t word = from / 64;
  if (word >= words.size()) return std::nullopt;
  std::uint64_t bits = load(word) & (~std::uint64_t{0} << (from % 64));
  while (bits == 0) {
    if (++word == words.size()) return std::nullopt;
    bits = load(word);
  }
  return static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(bits));
}

}  // namespace chatd::state
