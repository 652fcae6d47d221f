// SPDX-License-Identifier: GPL-3.0-or-later
// room_log_reader.hpp — read side of the room log: the record at an offset.
//
// Runs in:   worker (on a read-only mapping), gateway. Any number of readers; none ever
//            blocks the writer, so a slow one can be lapped and is told.
// Owns:      one buffer for the record at hand; a Record borrows from it until the next read.
// Invariant: shared memory is input too: a size that cannot be right is never followed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "daemon/state/room_log.hpp"

namespace chatd::state {

struct Record {
  RecordKind kind;
  Sender sender;
  std::uint64_t sequence;
  WallTime time;
  std::uint64_t uplink_offset;
  std::string_view name;
  std::string_view text;
};

class RoomLogReader {
 public:
  explicit RoomLogReader(const StateView& state) noexcept;

  enum class Status {
    record,   // `record` holds it
    empty,    // nothing at this offset yet
    lapped,   // overwritten: go on at `next`, what was between is lost to this reader
    corrupt,  // no record can be there: go on at `next`, which is the tail
  };
  struct Outcome {
    Status status;
    std::uint64_t next;  // where to read next
  };
  [[nodiscard]] Outcome read(std::uint64_t offset, Record& record) noexcept;

  // The bytes themselves, cut anywhere: out.size() of them from `offset` on, which must not
  // reach beyond the tail.
  struct Copied {
    bool lapped{false};
    std::uint64_t next{0};  // where to read next: behind them, or, lapped, where a record begins
  };
  [[nodiscard]] Copied read_bytes(std::uint64_t offset, std::span<std::byte> out) const noexcept;

  [[nodiscard]] std::uint64_t tail() const noexcept;

 private:
  [[nodiscard]] Outcome lapped() const noexcept;

  const RingHead& head_;
  const std::byte* ring_;
  std::uint64_t mask_;
  alignas(8) std::array<std::byte, kMaxRecordBytes> copy_;
};

}  // namespace chatd::state
