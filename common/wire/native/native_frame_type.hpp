// SPDX-License-Identifier: GPL-3.0-or-later
// native_frame_type.hpp — the numbers of the frames.
//
// Runs in:   client, gateway, worker.
// See:       native_frame.hpp; chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>

namespace chatd::wire {

enum class FrameType : std::uint8_t {
  padding = 0,
  data = 1,
  ack = 2,
  gap = 3,
  head = 4,
  ping = 5,
  pong = 6,
  path_challenge = 7,
  path_response = 8,
  bye = 9,
  welcome = 10,
  refused = 11,
  ack_wish = 12,
  saved = 13,
  hosts = 14,    // reserved
  streams = 15,  // reserved
  limits = 16,
  wait = 17,
};

// In front of a frame's fields: its type, one byte, and the size of what follows, two bytes.
// PADDING has its type only.
inline constexpr std::size_t kFrameHeaderBytes = 3;

}  // namespace chatd::wire
