// SPDX-License-Identifier: GPL-3.0-or-later
// room_log.hpp — the append side of a room's log: a log that numbers its records and
// overwrites the oldest ones.
//
// Runs in:   gateway only. Single writer: two RoomLogs of one room corrupt it.
// Borrows:   the StateView.
// Invariant: that of LogWriter; no sequence number is used twice.
#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.hpp"
#include "daemon/log/log_memory.hpp"
#include "daemon/log/log_writer.hpp"
#include "daemon/log/record.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::state {

class RoomLog {
 public:
  // Takes over from a writer that may have died at any instruction.
  explicit RoomLog(const StateView& state) noexcept
      : RoomLog{state.room_log(), state.next_sequence()} {}
  // The log of a further room.
  RoomLog(const StateView& state, RoomIndex room) noexcept
      : RoomLog{state.room_log(room), state.room_slot(room).head.next_sequence} {}

  // Returns the offset behind the record, or nullopt if it is larger than kMaxRecordBytes.
  // Does not allocate.
  std::optional<Offset> append(const logs::Entry& entry) noexcept;

  [[nodiscard]] Offset tail() const noexcept { return writer_.tail(); }
  // Of the next record.
  [[nodiscard]] logs::Sequence next_sequence() const noexcept {
    return logs::Sequence{next_sequence_.load(std::memory_order_relaxed)};
  }
  // Where the first record that is still there begins.
  [[nodiscard]] Offset oldest() const noexcept { return writer_.oldest(); }

 private:
  RoomLog(const logs::LogMemory& log, std::atomic<std::uint64_t>& next_sequence) noexcept
      : writer_{log, logs::WhenFull::overwrite_oldest}, next_sequence_{next_sequence} {}

  logs::LogWriter writer_;
  std::atomic<std::uint64_t>& next_sequence_;
};

// The number of messages in a room's log that are not older than `since`.
[[nodiscard]] std::uint64_t messages_since(const logs::LogMemory& log, WallTime since);

}  // namespace chatd::state
