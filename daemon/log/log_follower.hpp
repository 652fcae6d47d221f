// SPDX-License-Identifier: GPL-3.0-or-later
// log_follower.hpp — the read side of a log: one record after another, from a cursor on.
//
// Runs in:   any process, also on a read-only mapping. Any number of followers a log; none
//            blocks the writer, so a slow follower can be lapped, and next() reports it.
// Borrows:   the LogMemory, and a buffer for the last record, which followers may share: a
//            RecordView is valid until the next record is read into the buffer.
// Invariant: shared memory is input too: a size that cannot be right is never followed. Each
//            call of next() ends at `empty`, or moves the cursor.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/log_memory.hpp"

namespace chatd::logs {

// One a process, or one a consumer, but not one a log: it is 8 KiB.
struct alignas(8) RecordBuffer {
  std::array<std::byte, wire::kMaxRecordBytes> bytes;
};

class LogFollower {
 public:
  // `from` is where a record begins, or the tail.
  LogFollower(const LogMemory& log, RecordBuffer& buffer, Offset from) noexcept
      : log_{log}, buffer_{&buffer}, at_{from} {}

  enum class Status : std::uint8_t {
    record,   // `record` holds it, and the cursor is behind it
    empty,    // there is nothing at the cursor yet
    lapped,   // overwritten: the cursor is at the oldest record, what was between is lost
    corrupt,  // no record can begin at the cursor: it is at the tail now
  };
  [[nodiscard]] Status next(wire::RecordView& record) noexcept;

  [[nodiscard]] Offset cursor() const noexcept { return at_; }
  void seek(Offset offset) noexcept { at_ = offset; }
  [[nodiscard]] const LogMemory& log() const noexcept { return log_; }

 private:
  [[nodiscard]] Status skip_to_oldest(std::uint64_t tail) noexcept;
  [[nodiscard]] Status skip_to(std::uint64_t tail) noexcept;

  LogMemory log_;
  RecordBuffer* buffer_;
  Offset at_;
};

// Calls take(record, its offset) for each record of the log, beginning with the oldest record.
template <class Take>
void for_each_record(const LogMemory& log, RecordBuffer& buffer, Take take) {
  LogFollower follower{log, buffer, log.oldest()};
  for (;;) {
    const Offset at = follower.cursor();
    wire::RecordView record{};
    const auto status = follower.next(record);
    if (status == LogFollower::Status::empty) return;
    if (status == LogFollower::Status::record) take(record, at);
  }
}

// Where the first record begins that is not before `offset`; the tail if there is none. `from` is
// where a record begins, as for a LogFollower.
[[nodiscard]] Offset next_boundary(const LogMemory& log, RecordBuffer& buffer, Offset from,
                                   Offset offset) noexcept;

// For a consumer that sends the log's bytes as a stream.
struct CopiedBytes {
  bool lapped{false};
  Offset next;  // where to read next: behind the bytes, or, lapped, where a record begins
};
// out.size() bytes from `offset` on, cut anywhere. At most wire::kMaxRecordBytes; they must not
// reach beyond the tail.
[[nodiscard]] CopiedBytes read_bytes(const LogMemory& log, Offset offset,
                                     std::span<std::byte> out) noexcept;

}  // namespace chatd::logs
