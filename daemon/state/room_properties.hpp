// SPDX-License-Identifier: GPL-3.0-or-later
// room_properties.hpp — the properties of a room that its owners can change: its topic, who enters,
// who speaks, and whether it is listed.
//
// Runs in:   gateway. Part of the shared layout: a new gateway goes on with them.
// Invariant: a topic is whole whenever the gateway is killed: the copy that is not in use is
//            written, and then becomes the one in use.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "common/base/time.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

inline constexpr std::size_t kMaxTopicBytes = 200;

struct RoomTopic {
  std::int64_t set_wall;           // microseconds since 1970; 0: never
  ShortText<kMaxNameBytes> by;     // a member's name; empty: the administrator
  ShortText<kMaxTopicBytes> text;  // empty: none
};

struct RoomProperties {
  // Written by: gateway.
  alignas(
      kCacheLine) std::atomic<std::uint64_t> topic_serial;  // topics[topic_serial % 2] is in use
  std::atomic<std::uint16_t> slow_seconds;                  // see wire::RoomProperty::slow
  std::atomic<bool> is_invited;                             // only invited members enter
  std::atomic<bool> is_hidden;                              // only its members find it
  std::atomic<bool> is_lecture;                             // only owners and moderators speak
  std::array<RoomTopic, 2> topics;
};

// A new room: no topic, open, listed, everybody speaks.
void clear(RoomProperties& room) noexcept;
// `by` and `text` are at most as long as their places.
void set_topic(RoomProperties& room, std::string_view by, std::string_view text,
               WallTime now) noexcept;
// For the gateway, the only writer.
[[nodiscard]] inline const RoomTopic& topic_of(const RoomProperties& room) noexcept {
  return room.topics[room.topic_serial.load(std::memory_order_relaxed) % 2];
}

}  // namespace chatd::state
