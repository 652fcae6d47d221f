// SPDX-License-Identifier: GPL-3.0-or-later
// record.hpp — a record: the values of one that is to be appended, and its bytes.
//
// Runs in:   gateway (writes), worker (compares senders). Pure.
// See:       common/wire/native/native_record.hpp for the bytes, and for reading them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/time.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/log/numbers.hpp"

namespace chatd::logs {

// The session that a record is from. A later session in the same slot has another generation.
struct Sender {
  Slot slot;
  Generation generation;
  friend bool operator==(const Sender&, const Sender&) = default;
};

// nullopt: no session, as of an announcement.
[[nodiscard]] inline std::optional<Sender> sender_of(const wire::RecordHeader& header) noexcept {
  if (header.sender_slot == wire::kNobody) return std::nullopt;
  return Sender{.slot = Slot{header.sender_slot},
                .generation = Generation{header.sender_generation}};
}

struct Entry {
  wire::RecordKind kind;
  std::optional<Sender> sender;
  std::string_view name;
  std::string_view text;
  WallTime time;
  std::uint64_t uplink_offset{0};  // the end of the command in a native sender's stream
  std::uint64_t person{0};         // of a join or a speaker: the number of the person
};

// In bytes, a multiple of 8.
[[nodiscard]] inline std::size_t record_size(const Entry& entry) noexcept {
  return (sizeof(wire::RecordHeader) + entry.name.size() + entry.text.size() + 7) / 8 * 8;
}

// `out` holds record_size() bytes.
inline void write_record(const Entry& entry, Sequence sequence, std::span<std::byte> out) noexcept {
  const Sender sender =
      entry.sender.value_or(Sender{.slot = Slot{wire::kNobody}, .generation = {}});
  const wire::RecordHeader header{
      .size = static_cast<std::uint32_t>(out.size()),
      .kind = entry.kind,
      .name_bytes = static_cast<std::uint16_t>(entry.name.size()),
      .sender_slot = sender.slot,
      .text_bytes = static_cast<std::uint32_t>(entry.text.size()),
      .sender_generation = sender.generation,
      .sequence = sequence,
      .wall_time = entry.time.time_since_epoch().count(),
      .uplink_offset = wire::has_person(entry.kind) ? entry.person : entry.uplink_offset};
  std::memcpy(out.data(), &header, sizeof header);
  // string_view::copy(): a join has no text and an announcement no name, and memcpy() must not
  // be given a null pointer.
  char* const begin = reinterpret_cast<char*>(out.data());
  char* end = begin + sizeof header;
  end += entry.name.copy(end, entry.name.size());
  end += entry.text.copy(end, entry.text.size());
  std::memset(end, 0, static_cast<std::size_t>(begin + out.size() - end));
}

}  // namespace chatd::logs
