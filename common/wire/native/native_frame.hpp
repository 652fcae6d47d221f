// SPDX-License-Identifier: GPL-3.0-or-later
// native_frame.hpp — the frames inside a sealed packet.
//
// Runs in:   client, gateway, worker.
// Borrows:   the opened packet. Pure; nothing allocates.
// Shape:     type, one byte; size of the fields, two bytes; the fields, as each struct lists them.
//            A newer sender may send frames of other types, which are skipped, and more fields at
//            the end of a known one, which are ignored.
// Invariant: the peer that sealed the packet may run any program: every length is checked, and
//            nothing is read from a packet behind its first malformed frame.
// See:       chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "common/wire/bytes.hpp"
#include "common/wire/native/native_frame_type.hpp"
#include "common/wire/native/native_packet.hpp"
#include "common/wire/native/native_session_frames.hpp"
#include "common/wire/native/native_stream_frames.hpp"

namespace chatd::wire {

struct PingFrame {
  static constexpr FrameType kType = FrameType::ping;
  std::uint16_t size{};  // of its datagram; 0: of no interest

  static constexpr void fields(auto& v, auto& ping) { v("size", ping.size); }
};
struct PongFrame {
  static constexpr FrameType kType = FrameType::pong;
  std::uint16_t size{};  // of the PING

  static constexpr void fields(auto& v, auto& pong) { v("size", pong.size); }
};
struct PathChallenge {
  static constexpr FrameType kType = FrameType::path_challenge;
  std::uint64_t value{};

  static constexpr void fields(auto& v, auto& challenge) { v("value", challenge.value); }
};
struct PathResponse {
  static constexpr FrameType kType = FrameType::path_response;
  std::uint64_t value{};  // of the PATH_CHALLENGE

  static constexpr void fields(auto& v, auto& response) { v("value", response.value); }
};

// A frame of a type that this program does not know. Receivers ignore it.
struct UnknownFrame {
  FrameType type{};
  Bytes body{};
};

// Each frame once; the frequent ones first.
using Frame = std::variant<DataFrame, AckFrame, GapFrame, HeadFrame, PingFrame, PongFrame,
                           PathChallenge, PathResponse, ByeFrame, WelcomeFrame, RefusedFrame,
                           AckWishFrame, LimitsFrame, WaitFrame, SavedFrame, UnknownFrame>;

// The next frame. nullopt at the end, and at a malformed frame, after which `in` is not ok().
[[nodiscard]] std::optional<Frame> next_frame(ByteReader& in) noexcept;

// False, with nothing written, if it does not fit.
bool write_frame(ByteWriter& out, const Frame& frame) noexcept;

}  // namespace chatd::wire
