// SPDX-License-Identifier: GPL-3.0-or-later
// room_head.hpp — the head of a room's log, and the counts of the joins and leaves that have no
// record each.
//
// Runs in:   gateway; the supervisor reads and restores the counts for a snapshot. Part of the
//            shared layout.
// Invariant: a `crowd` record tells each counted join and leave once, also if the gateway is killed
//            between any two stores: untold() and adopt_crowd() compare the log's tail with the
//            place of the last `crowd` record.
// See:       daemon/chat/crowd.hpp, which decides what is counted, and when it is told.
#pragma once

#include <atomic>
#include <cstdint>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/log_memory.hpp"

namespace chatd::state {

// In place of the number of a record that is not known: a predecessor has kept the offset only. No
// record has this number.
inline constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};

// Numbers since the room was made; they wrap. Written by: gateway.
struct CrowdCounts {
  std::atomic<std::uint32_t> joined;
  std::atomic<std::uint32_t> left;
  // Of these, in `crowd` records.
  std::atomic<std::uint32_t> told_joined;
  std::atomic<std::uint32_t> told_left;
  // The values that the two have as soon as the log has a record at `telling_at`.
  std::atomic<std::uint32_t> telling_joined;
  std::atomic<std::uint32_t> telling_left;
  std::atomic<std::uint64_t> telling_at;
  std::int64_t told_time;     // of the last `crowd` record: monotonic, microseconds; 0: never
  std::int64_t rate_arrival;  // of the joins with a record each, see RateLimit
};

// Written by: gateway.
struct RoomHead {
  logs::LogHead log;
  std::atomic<std::uint64_t> next_sequence;  // of the next record, see logs::Sequence
  CrowdCounts crowd;
  // Of a room that was restored from the disk: records below were filled in from the database, and
  // the number of the first record of this history. 0: the room is new in this history. Written by:
  // daemon/restore, before the first fork.
  std::uint64_t begin_offset;
  std::uint64_t begin_sequence;
};

// How a room learns of a join or a leave.
struct Telling {
  bool is_quiet{false};  // not at all, because its member is in the room with another program
  // A join: not yet, because its session is brief. A leave: not at all, as its join is not told.
  bool is_late{false};
  // By a number in a `crowd` record. False: by a record. If it is quiet: as its member's join.
  bool is_counted{false};
  std::uint32_t counted_before{0};  // counted() before it

  // By a record or a number, now.
  [[nodiscard]] bool is_told() const noexcept { return !is_quiet && !is_late; }
};

// The join of a brief session, which is told late or not at all, see daemon/chat/brief.hpp. The
// sessions of a member are all `told`, or all `untold`, unless a gateway was killed.
enum class LateJoin : std::uint8_t {
  told,  // of a session that is not brief, too
  untold,
  telling,  // its record or its number may be missing
};

// A new room: nothing is counted.
void clear(CrowdCounts& crowd) noexcept;
// All joins and leaves that were counted.
[[nodiscard]] std::uint32_t counted(const CrowdCounts& crowd) noexcept;
void count_join(CrowdCounts& crowd, std::uint32_t members = 1) noexcept;
void count_leave(CrowdCounts& crowd, std::uint32_t members = 1) noexcept;

// The numbers that no record tells yet.
[[nodiscard]] wire::Crowd untold(const RoomHead& room) noexcept;
// A record about untold() is appended next, which it returns.
wire::Crowd begin_telling(RoomHead& room) noexcept;
// The record is appended.
void end_telling(CrowdCounts& crowd) noexcept;
// Finishes what a killed gateway has begun. Called before anything is appended to the log.
void adopt_crowd(RoomHead& room) noexcept;

}  // namespace chatd::state
