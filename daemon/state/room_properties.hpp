// SPDX-License-Identifier: GPL-3.0-or-later
// room_properties.hpp — the properties of a room that its owners can change: its topic, who enters,
// who speaks, whether it is listed, and how long its messages are kept on disk.
//
// Runs in:   gateway; archive (reads how long messages are stored). Part of the shared layout: a
//            new gateway continues with these properties.
// Invariant: a topic is whole whenever the gateway is killed: there are two copies. The gateway
//            writes the unused copy, and then uses that one.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/registry_head.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

using wire::kMaxTopicBytes;

struct RoomTopic {
  std::int64_t set_wall;           // microseconds since 1970; 0: never
  ShortText<kMaxNameBytes> by;     // a member's name; empty: the administrator
  ShortText<kMaxTopicBytes> text;  // empty: the room has no topic
};

struct RoomProperties {
  // Written by: gateway.
  // topics[topic_serial % 2] is in use.
  alignas(kCacheLine) std::atomic<std::uint64_t> topic_serial;
  std::atomic<std::uint16_t> slow_seconds;  // see wire::RoomProperty::slow
  std::atomic<bool> is_invited;             // only invited members, owners and moderators enter
  std::atomic<bool> is_hidden;              // only members of the room find it in lists
  std::atomic<bool> is_lecture;             // only owners and moderators write
  std::atomic<wire::MayEnter> enter;        // see wire::RoomProperty::enter
  // The offset of the room's log at which the room was opened last. Earlier bytes are for the
  // members that may read them by their rules, see RuleSlot::since. 0: the room was always open.
  std::atomic<std::uint64_t> open_since;
  std::atomic<std::uint64_t> open_since_number;  // of the first record from there on; or kNoNumber
  std::atomic<std::uint16_t> history;            // see wire::RoomProperty::history
  // The number of the first record that is stored after the history was off; 0: it was never off.
  std::atomic<std::uint64_t> history_since;
  RowVersion version;  // of all this, see registry_head.hpp
  std::array<RoomTopic, 2> topics;
};

// The properties of a new room: no topic, open, listed, all members write, no slow mode,
// history as the server has it. The row
// keeps its version: for a room that nobody reads yet, or within a RowChange.
void clear(RoomProperties& room) noexcept;

// The changes, each with the next version.
// `by` has at most kMaxNameBytes, `text` at most kMaxTopicBytes.
void set_topic(RegistryHead& head, RoomProperties& room, std::string_view by, std::string_view text,
               WallTime now) noexcept;
// Of all properties but the name, which is not here, and the history.
void set_property(RegistryHead& head, RoomProperties& room, wire::RoomProperty property,
                  std::uint16_t value) noexcept;
// The room is not for invited members only any more, from this place of its log on.
struct OpenedAt {
  std::uint64_t offset;
  std::uint64_t number;  // of the first record there
};
void open_to_all(RegistryHead& head, RoomProperties& room, OpenedAt at) noexcept;

// `next`: the number of the room's next record.
void set_history(RegistryHead& head, RoomProperties& room, std::uint16_t history,
                 std::uint64_t next) noexcept;

// For how long messages of the room are stored if the server stores them for `server`. 0: without
// end; nullopt: they are not stored.
[[nodiscard]] std::optional<std::chrono::seconds> kept_for(const RoomProperties& room,
                                                           std::chrono::seconds server) noexcept;

// For the gateway, the only writer.
[[nodiscard]] inline const RoomTopic& topic_of(const RoomProperties& room) noexcept {
  return room.topics[room.topic_serial.load(std::memory_order_relaxed) % 2];
}

}  // namespace chatd::state
