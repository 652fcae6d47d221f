// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_properties.hpp"

namespace chatd::state {

void set_topic(RoomProperties& room, std::string_view by, std::string_view text,
               WallTime now) noexcept {
  const std::uint64_t serial = room.topic_serial.load(std::memory_order_relaxed);
  RoomTopic& next = room.topics[(serial + 1) % 2];
  next.set_wall = now.time_since_epoch().count();
  assign(next.by, by);
  assign(next.text, text);
  crash_point();
  room.topic_serial.store(serial + 1, std::memory_order_release);
  crash_point();
}

void clear(RoomProperties& room) noexcept {
  set_topic(room, {}, {}, WallTime{});
  room.slow_seconds.store(0, std::memory_order_relaxed);
  room.is_invited.store(false, std::memory_order_relaxed);
  room.is_hidden.store(false, std::memory_order_relaxed);
  room.is_lecture.store(false, std::memory_order_relaxed);
  room.open_since.store(0, std::memory_order_relaxed);
}

}  // namespace chatd::state
