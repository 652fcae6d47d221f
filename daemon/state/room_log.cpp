// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_log.hpp"

#include <array>
#include <cstring>

#include "daemon/state/crash_point.hpp"
#include "daemon/state/record_bytes.hpp"
#include "daemon/state/words.hpp"

namespace chatd::state {

RoomLog::RoomLog(const StateView& state) noexcept
    : head_{state.ring_head()},
      ring_{state.ring().data()},
      mask_{state.geometry().ring_bytes - 1} {}

std::uint64_t RoomLog::tail() const noexcept { return head_.tail.load(std::memory_order_relaxed); }

std::optional<std::uint64_t> RoomLog::append(const Entry& entry) noexcept {
  const std::size_t size = record_size(entry);
  if (size > kMaxRecordBytes) return std::nullopt;

  // Claimed before the record exists: a crash in between skips a number, which readers
  // allow; the other order could give one number to two records.
  const std::uint64_t sequence = head_.next_sequence.load(std::memory_order_relaxed);
  head_.next_sequence.store(sequence + 1, std::memory_order_relaxed);
  crash_point();

  std::array<std::byte, kMaxRecordBytes> record;
  write_record(entry, sequence, std::span{record}.first(size));
  make_room(size);
  crash_point();
  const std::uint64_t at = tail();
  store_words(ring_ + (at & mask_), record.data(), size);
  crash_point();
  head_.tail.store(at + size, std::memory_order_release);
  crash_point();
  return at + size;
}

// Moves `oldest` over as many whole records as the next `bytes` will overwrite, before the
// first of those bytes is touched (the writer's half of a seqlock). Shared memory is input
// too: behind a size that cannot be right no record is found again, so all of them go.
void RoomLog::make_room(std::uint64_t bytes) noexcept {
  const std::uint64_t capacity = mask_ + 1;
  const std::uint64_t end = tail() + bytes;
  std::uint64_t oldest = head_.oldest.load(std::memory_order_relaxed);
  while (end - oldest > capacity) {
    std::uint32_t size = 0;
    std::memcpy(&size, ring_ + (oldest & mask_), sizeof size);
    oldest = is_record_size(size, tail() - oldest) ? oldest + size : tail();
  }
  // Release: a reader that finds `oldest` here also finds a tail that is not below it.
  head_.oldest.store(oldest, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_release);
}

}  // namespace chatd::state
