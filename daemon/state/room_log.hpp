// SPDX-License-Identifier: GPL-3.0-or-later
// room_log.hpp — append side of the room log: a ring of bytes with offsets that never wrap.
//
// Runs in:   gateway only. Single writer: two RoomLogs on one ring corrupt it.
// Borrows:   the StateView.
// Invariant: bytes at or beyond `tail` do not exist. A writer killed at any instruction
//            leaves the log as it was, or with the whole record.
// See:       layout.hpp for the bytes; the idea of positions instead of indices is Aeron's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

// Who a record is from. The generation makes a later user of the slot another sender.
struct Sender {
  std::uint32_t slot{0xFFFF'FFFF};
  std::uint64_t generation{0};
  friend bool operator==(const Sender&, const Sender&) = default;
};

class RoomLog {
 public:
  // Takes over from a writer that may have died at any instruction.
  explicit RoomLog(const StateView& state) noexcept;

  struct Entry {
    RecordKind kind;
    Sender sender;
    std::string_view name;
    std::string_view text;
    WallTime time;
    std::uint64_t uplink_offset{0};  // of a native sender
  };
  // Returns the offset behind the record, or nullopt if it is larger than kMaxRecordBytes.
  // Does not allocate. Oldest records make room.
  std::optional<std::uint64_t> append(const Entry& entry) noexcept;

  [[nodiscard]] std::uint64_t tail() const noexcept;
  // Where the first record that is still there begins.
  [[nodiscard]] std::uint64_t oldest() const noexcept {
    return head_.oldest.load(std::memory_order_relaxed);
  }

 private:
  void make_room(std::uint64_t bytes) noexcept;

  RingHead& head_;
  std::byte* ring_;
  std::uint64_t mask_;
};

}  // namespace chatd::state
