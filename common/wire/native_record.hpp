// SPDX-License-Identifier: GPL-3.0-or-later
// native_record.hpp — a record of the room or of a mailbox, as it lies in shared memory and
// as it travels to native members: the same bytes.
//
// Runs in:   gateway (writes), worker and client (read).
// Invariant: pure. A record is its header, the name, the text, then zeros up to the next
//            multiple of 8; integers are little-endian.
// See:       chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <type_traits>

#include "common/wire/bytes.hpp"

namespace chatd::wire {

enum class RecordKind : std::uint16_t {
  join = 1,
  leave = 2,
  say = 3,
  announce = 4,
  kick = 5,
  action = 6,  // "/me": what somebody does
  // In mailboxes only.
  letter = 16,  // name: from whom
  notice = 17,  // a command was refused; name: a code, text: why
  who = 18,     // text: names, one a line, "name\taway"; sender_slot: where to go on
};

struct RecordHeader {
  std::uint32_t size;  // of all of it, a multiple of 8
  RecordKind kind;
  std::uint16_t name_bytes;
  std::uint32_t sender_slot;
  std::uint32_t text_bytes;
  std::uint64_t sender_generation;
  std::uint64_t sequence;       // grows strictly; a crash may skip a number
  std::int64_t wall_time;       // microseconds since 1970
  std::uint64_t uplink_offset;  // the sender's command stream up to and with this command
};
inline constexpr std::size_t kMaxRecordBytes = 8192;
inline constexpr std::uint32_t kNobody = 0xFFFF'FFFF;  // as a sender_slot

static_assert(sizeof(RecordHeader) == 48 && std::is_trivially_copyable_v<RecordHeader>);

// Can a record of this size begin where so many bytes of log are left?
[[nodiscard]] constexpr bool is_record_size(std::uint64_t size, std::uint64_t available) noexcept {
  return size % 8 == 0 && size >= sizeof(RecordHeader) && size <= kMaxRecordBytes &&
         size <= available;
}

// Borrows from the bytes that it was read from.
struct RecordView {
  RecordHeader header;
  std::string_view name;
  std::string_view text;
};

enum class RecordFault : std::uint8_t {
  incomplete,  // more bytes of the stream are needed
  malformed,   // no record can begin here
};
// The record at the front of `stream`.
[[nodiscard]] std::expected<RecordView, RecordFault> read_record(Bytes stream) noexcept;

}  // namespace chatd::wire
