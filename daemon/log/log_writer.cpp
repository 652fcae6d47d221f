// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/log_writer.hpp"

#include <algorithm>
#include <array>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/crash_point.hpp"

namespace chatd::logs {

std::optional<Offset> LogWriter::append(std::span<const std::byte> record) noexcept {
  if (record.size() > wire::kMaxRecordBytes || !make_space(record.size())) return std::nullopt;
  crash_point();
  const Offset at = tail();
  log_.store(at, record);
  crash_point();
  const Offset end{at + record.size()};
  log_.head().tail.store(end, std::memory_order_release);
  crash_point();
  return end;
}

void LogWriter::blank_text(Offset at, const wire::RecordHeader& header) noexcept {
  alignas(8) std::array<std::byte, wire::kMaxRecordBytes> bytes;
  if (!wire::is_record_size(header.size, bytes.size())) return;
  const auto record = std::span{bytes}.first(header.size);
  log_.load(at, record);
  const std::size_t text = sizeof header + header.name_bytes;
  if (text + header.text_bytes > record.size()) return;
  std::ranges::fill(record.subspan(text, header.text_bytes), std::byte{' '});
  log_.store(at, record);
}

bool LogWriter::make_space(std::uint64_t bytes) noexcept {
  if (when_full_ == WhenFull::refuse) return tail() + bytes - oldest() <= log_.capacity();
  overwrite_oldest(bytes);
  return true;
}

// Moves `oldest` over as many whole records as the next `bytes` will overwrite, before the
// first of those bytes is written (the writer's half of a seqlock). Shared memory is input
// too: behind a size that cannot be right no record is found again, so all records are given up.
void LogWriter::overwrite_oldest(std::uint64_t bytes) noexcept {
  const std::uint64_t end = tail() + bytes;
  std::uint64_t first = oldest();
  while (end - first > log_.capacity()) {
    std::uint32_t size = 0;  // a record begins with its size
    log_.copy(Offset{first}, std::as_writable_bytes(std::span{&size, 1}));
    first = wire::is_record_size(size, tail() - first) ? first + size : tail();
  }
  // Release: a follower that finds `oldest` here also finds a tail that is not below it.
  log_.head().oldest.store(first, std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_release);
}

}  // namespace chatd::logs
