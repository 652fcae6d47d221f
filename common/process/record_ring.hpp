// SPDX-License-Identifier: GPL-3.0-or-later
// record_ring.hpp — first in, first out: records of any size in a ring of shared bytes.
//
// Runs in:   the memory of Queue, Pipe and Pool; their lock must be held for every call.
// Owns:      the `capacity` bytes that follow it in memory (SharedObject's extra bytes).
// Invariant: bytes between head and tail are whole records: 8 bytes of length, the bytes,
//            padding to 8. prepare() copies, and commit() moves the tail with one store, so
//            a writer killed at any instruction leaves the ring as it was, with nothing
//            to repair; remove_front() moves the head in the same way.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace chatd::process {

// The ring's positions. They count bytes and never wrap around; the capacity is a power of two.
class alignas(64) RecordRing {
 public:
  using Bytes = std::span<const std::byte>;

  // `capacity` must be a power of two, see capacity_for().
  explicit RecordRing(std::size_t capacity) noexcept : capacity_{capacity} {}
  RecordRing(const RecordRing&) = delete;
  RecordRing& operator=(const RecordRing&) = delete;
  ~RecordRing() = default;

  // The bytes that a record of `size` takes, and a capacity that holds at least `bytes`.
  [[nodiscard]] static std::size_t footprint(std::size_t size) noexcept;
  [[nodiscard]] static std::size_t capacity_for(std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  // May be called without the lock, too: the value of one moment.
  [[nodiscard]] std::size_t used() const noexcept;
  [[nodiscard]] bool is_empty() const noexcept { return used() == 0; }
  [[nodiscard]] bool has_space_for(std::size_t size) const noexcept {
    return footprint(size) <= capacity_ - used();
  }

  // Adds one record made of several pieces. There must be space for it.
  void prepare(std::initializer_list<Bytes> pieces) noexcept;  // copied, but not in the ring yet
  void commit() noexcept;                                      // the record is in the ring now

  // The size of the oldest record; there must be one.
  [[nodiscard]] std::size_t front_size() const noexcept;
  // Copies its bytes, from byte `from` on.
  void copy_front(std::span<std::byte> into, std::size_t from = 0) const noexcept;
  void remove_front() noexcept;

 private:
  [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  [[nodiscard]] const std::byte* data() const noexcept {
    return reinterpret_cast<const std::byte*>(this + 1);
  }
  void write(std::uint64_t position, Bytes bytes) noexcept;
  void read(std::uint64_t position, std::span<std::byte> bytes) const noexcept;

  std::size_t capacity_;
  std::uint64_t prepared_{0};  // the tail that commit() publishes
  alignas(64) std::atomic<std::uint64_t> head_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
};

}  // namespace chatd::process
