// SPDX-License-Identifier: GPL-3.0-or-later
// record_bytes.hpp — a record as the bytes that go into a log.
//
// Runs in: gateway. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "daemon/state/room_log.hpp"

namespace chatd::state {

[[nodiscard]] inline std::size_t record_size(const RoomLog::Entry& entry) noexcept {
  return (sizeof(RecordHeader) + entry.name.size() + entry.text.size() + 7) / 8 * 8;
}

// `out` holds record_size() bytes.
inline void write_record(const RoomLog::Entry& entry, std::uint64_t sequence,
                         std::span<std::byte> out) noexcept {
  const RecordHeader header{.size = static_cast<std::uint32_t>(out.size()),
                            .kind = entry.kind,
                            .name_bytes = static_cast<std::uint16_t>(entry.name.size()),
                            .sender_slot = entry.sender.slot,
                            .text_bytes = static_cast<std::uint32_t>(entry.text.size()),
                            .sender_generation = entry.sender.generation,
                            .sequence = sequence,
                            .wall_time = entry.time.time_since_epoch().count(),
                            .uplink_offset = entry.uplink_offset};
  std::memcpy(out.data(), &header, sizeof header);
  // string_view::copy(): a join has no text and an announcement no name, and memcpy() must not
  // be given a null pointer.
  char* const begin = reinterpret_cast<char*>(out.data());
  char* end = begin + sizeof header;
  end += entry.name.copy(end, entry.name.size());
  end += entry.text.copy(end, entry.text.size());
  std::memset(end, 0, static_cast<std::size_t>(begin + out.size() - end));
}

}  // namespace chatd::state
