// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/room_properties.hpp"

#include <algorithm>

namespace chatd::state {

namespace {

void write_topic(RoomProperties& room, std::string_view by, std::string_view text,
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

}  // namespace

void set_topic(RegistryHead& head, RoomProperties& room, std::string_view by, std::string_view text,
               WallTime now) noexcept {
  const RowChange change{head, room.version};
  write_topic(room, by, text, now);
}

void set_property(RegistryHead& head, RoomProperties& room, wire::RoomProperty property,
                  std::uint16_t value) noexcept {
  const RowChange change{head, room.version};
  switch (property) {
    case wire::RoomProperty::invited:
      room.is_invited.store(value != 0, std::memory_order_relaxed);
      break;
    case wire::RoomProperty::hidden:
      room.is_hidden.store(value != 0, std::memory_order_relaxed);
      break;
    case wire::RoomProperty::lecture:
      room.is_lecture.store(value != 0, std::memory_order_relaxed);
      break;
    case wire::RoomProperty::slow:
      room.slow_seconds.store(value, std::memory_order_relaxed);
      break;
    case wire::RoomProperty::enter:
      room.enter.store(static_cast<wire::MayEnter>(value), std::memory_order_relaxed);
      break;
    case wire::RoomProperty::name:
    case wire::RoomProperty::history:
      break;
  }
  crash_point();
}

// The offset first: a successor of a killed gateway finds the room closed, and opens it again.
void open_to_all(RegistryHead& head, RoomProperties& room, OpenedAt at) noexcept {
  const RowChange change{head, room.version};
  room.open_since_number.store(at.number, std::memory_order_relaxed);
  room.open_since.store(at.offset, std::memory_order_relaxed);
  crash_point();
  room.is_invited.store(false, std::memory_order_relaxed);
  crash_point();
}

// The number first: a successor of a killed gateway finds the history off, and changes it again.
void set_history(RegistryHead& head, RoomProperties& room, std::uint16_t history,
                 std::uint64_t next) noexcept {
  const RowChange change{head, room.version};
  const bool was_off = room.history.load(std::memory_order_relaxed) == wire::kHistoryOff;
  if (was_off && history != wire::kHistoryOff) {
    room.history_since.store(next, std::memory_order_relaxed);
    crash_point();
  }
  room.history.store(history, std::memory_order_release);
  crash_point();
}

std::optional<std::chrono::seconds> kept_for(const RoomProperties& room,
                                             std::chrono::seconds server) noexcept {
  const std::uint16_t history = room.history.load(std::memory_order_relaxed);
  if (history == wire::kHistoryOff) return std::nullopt;
  if (history == wire::kHistoryOfServer) return server;
  const std::chrono::seconds own = std::chrono::days{history};
  return server.count() == 0 ? own : std::min(server, own);
}

void clear(RoomProperties& room) noexcept {
  write_topic(room, {}, {}, WallTime{});
  room.slow_seconds.store(0, std::memory_order_relaxed);
  room.is_invited.store(false, std::memory_order_relaxed);
  room.is_hidden.store(false, std::memory_order_relaxed);
  room.is_lecture.store(false, std::memory_order_relaxed);
  room.enter.store(wire::MayEnter::anyone, std::memory_order_relaxed);
  room.open_since.store(0, std::memory_order_relaxed);
  room.open_since_number.store(0, std::memory_order_relaxed);
  room.history.store(wire::kHistoryOfServer, std::memory_order_relaxed);
  room.history_since.store(0, std::memory_order_relaxed);
}

}  // namespace chatd::state
