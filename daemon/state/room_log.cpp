// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_log.hpp"

#include <array>
#include <cstdint>

#include "daemon/log/log_follower.hpp"

namespace chatd::state {

std::optional<Offset> RoomLog::append(const logs::Entry& entry) noexcept {
  const std::size_t size = logs::record_size(entry);
  if (size > kMaxRecordBytes) return std::nullopt;

  // Claimed before the record exists: a crash in between skips a number, which followers
  // allow; the other order could give one number to two records.
  const logs::Sequence sequence = next_sequence();
  next_sequence_.store(sequence + 1, std::memory_order_relaxed);
  crash_point();

  std::array<std::byte, kMaxRecordBytes> buffer;
  const auto record = std::span{buffer}.first(size);
  logs::write_record(entry, sequence, record);
  return writer_.append(record);
}

std::uint64_t messages_since(const logs::LogMemory& log, WallTime since) {
  logs::RecordBuffer buffer;
  std::uint64_t messages = 0;
  logs::for_each_record(log, buffer, [&](const wire::RecordView& record, Offset /*at*/) {
    const RecordKind kind = record.header.kind;
    const bool is_message = kind == RecordKind::say || kind == RecordKind::action;
    if (is_message && WallTime{Micros{record.header.wall_time}} >= since) ++messages;
  });
  return messages;
}

}  // namespace chatd::state
