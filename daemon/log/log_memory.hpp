// SPDX-License-Identifier: GPL-3.0-or-later
// log_memory.hpp — where a log lies in shared memory: its head, and a ring of bytes.
//
// Runs in:   every role, on its own mapping; a follower's mapping may be read-only.
// Borrows:   the head and the bytes.
// Invariant: the ring's length is a power of two, a multiple of 8; offsets are masked, so they
//            never wrap. A record lies in the ring in one piece, or in two: the rest of it is at
//            the ring's beginning. Where the bytes are mapped twice, one behind the other, the
//            first piece is always all of it.
//
//    0      oldest & mask       tail & mask     capacity                      2 * capacity
//    |--------|######################|-------------|. . . mapped a second time . . .|
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>

#include "daemon/log/numbers.hpp"
#include "daemon/log/words.hpp"

namespace chatd::logs {

// Written by: the log's writer. Part of the shared layout, see daemon/state/layout.hpp.
struct LogHead {
  std::atomic<std::uint64_t> tail;    // bytes from here on do not exist
  std::atomic<std::uint64_t> oldest;  // a record begins here; bytes below may be overwritten
};

class LogMemory {
 public:
  // `bytes` are the ring.
  [[nodiscard]] static LogMemory mapped_once(LogHead& head, std::span<std::byte> bytes) noexcept {
    return {head, bytes, bytes.size()};
  }
  // `bytes` are the ring, and the same ring again.
  [[nodiscard]] static LogMemory mapped_twice(LogHead& head, std::span<std::byte> bytes) noexcept {
    return {head, bytes, bytes.size() / 2};
  }

  [[nodiscard]] LogHead& head() const noexcept { return *head_; }
  [[nodiscard]] std::uint64_t capacity() const noexcept { return mask_ + 1; }

  // For followers: with the tail they get all bytes below it.
  [[nodiscard]] Offset tail() const noexcept {
    return Offset{head_->tail.load(std::memory_order_acquire)};
  }
  [[nodiscard]] Offset oldest() const noexcept {
    return Offset{head_->oldest.load(std::memory_order_acquire)};
  }

  // Whole words, see words.hpp: `at` and the size are multiples of 8; the size is at most the
  // capacity.
  void store(Offset at, std::span<const std::byte> own) const noexcept {
    const std::size_t place = at & mask_;
    const std::size_t first = std::min(own.size(), bytes_.size() - place);
    store_words(bytes_.data() + place, own.data(), first);
    store_words(bytes_.data(), own.data() + first, own.size() - first);
  }
  void load(Offset at, std::span<std::byte> own) const noexcept {
    const std::size_t place = at & mask_;
    const std::size_t first = std::min(own.size(), bytes_.size() - place);
    load_words(own.data(), bytes_.data() + place, first);
    load_words(own.data() + first, bytes_.data(), own.size() - first);
  }
  // Bytes that no process is writing, cut anywhere.
  void copy(Offset at, std::span<std::byte> own) const noexcept {
    const std::size_t place = at & mask_;
    const std::size_t first = std::min(own.size(), bytes_.size() - place);
    std::copy_n(bytes_.data() + place, first, own.data());
    std::copy_n(bytes_.data(), own.size() - first, own.data() + first);
  }

 private:
  LogMemory(LogHead& head, std::span<std::byte> bytes, std::uint64_t capacity) noexcept
      : head_{&head}, bytes_{bytes}, mask_{capacity - 1} {
    assert(std::has_single_bit(capacity) && capacity % 8 == 0);
  }

  LogHead* head_;
  std::span<std::byte> bytes_;
  std::uint64_t mask_;
};

}  // namespace chatd::logs
