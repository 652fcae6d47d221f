// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_head.hpp"

#include "daemon/log/crash_point.hpp"

namespace chatd::state {

using logs::crash_point;

namespace {

using Count = std::atomic<std::uint32_t>;

std::uint32_t value_of(const Count& count) noexcept {
  return count.load(std::memory_order_relaxed);
}

// Release: a successor that finds the value also finds all that was stored before.
void set(Count& count, std::uint32_t value) noexcept {
  count.store(value, std::memory_order_release);
  crash_point();
}

bool is_record_missing(const RoomHead& room) noexcept {
  return room.crowd.telling_at.load(std::memory_order_relaxed) ==
         room.log.tail.load(std::memory_order_relaxed);
}

}  // namespace

void clear(CrowdCounts& crowd) noexcept {
  for (Count* const count : {&crowd.joined, &crowd.left, &crowd.told_joined, &crowd.told_left,
                             &crowd.telling_joined, &crowd.telling_left}) {
    count->store(0, std::memory_order_relaxed);
  }
  crowd.telling_at.store(0, std::memory_order_relaxed);
  crowd.told_time = 0;
  crowd.rate_arrival = 0;
}

std::uint32_t counted(const CrowdCounts& crowd) noexcept {
  return value_of(crowd.joined) + value_of(crowd.left);
}

void count_join(CrowdCounts& crowd, std::uint32_t members) noexcept {
  set(crowd.joined, value_of(crowd.joined) + members);
}

void count_leave(CrowdCounts& crowd, std::uint32_t members) noexcept {
  set(crowd.left, value_of(crowd.left) + members);
}

wire::Crowd untold(const RoomHead& room) noexcept {
  const CrowdCounts& crowd = room.crowd;
  const bool is_missing = is_record_missing(room);
  const Count& joined = is_missing ? crowd.told_joined : crowd.telling_joined;
  const Count& left = is_missing ? crowd.told_left : crowd.telling_left;
  return {.joined = value_of(crowd.joined) - value_of(joined),
          .left = value_of(crowd.left) - value_of(left)};
}

// The place first: until the log grows, the other two values have no effect.
wire::Crowd begin_telling(RoomHead& room) noexcept {
  const wire::Crowd told = untold(room);
  CrowdCounts& crowd = room.crowd;
  crowd.telling_at.store(room.log.tail.load(std::memory_order_relaxed), std::memory_order_release);
  crash_point();
  set(crowd.telling_joined, value_of(crowd.joined));
  set(crowd.telling_left, value_of(crowd.left));
  return told;
}

void end_telling(CrowdCounts& crowd) noexcept {
  set(crowd.told_joined, value_of(crowd.telling_joined));
  set(crowd.told_left, value_of(crowd.telling_left));
}

void adopt_crowd(RoomHead& room) noexcept {
  CrowdCounts& crowd = room.crowd;
  if (!is_record_missing(room)) return end_telling(crowd);
  set(crowd.telling_joined, value_of(crowd.told_joined));
  set(crowd.telling_left, value_of(crowd.told_left));
}

}  // namespace chatd::state
