// SPDX-License-Identifier: GPL-3.0-or-later
// native_frame.hpp — the frames inside a sealed packet.
//
// Runs in:   client, gateway, worker.
// Borrows:   the opened packet. Pure; nothing allocates.
// Invariant: what sealed it was the peer, but the peer may be anybody's program: every
//            length is checked, and a packet with one bad frame is dropped whole.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "common/wire/bytes.hpp"
#include "common/wire/native_packet.hpp"
#include "common/wire/native_welcome.hpp"

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
  limits = 13,
  wait = 14,
};

// Streams towards the member, and from it.
inline constexpr std::uint8_t kMailboxStream = 0;
inline constexpr std::uint8_t kRoomStream = 1;
inline constexpr std::size_t kDownStreams = 2;
inline constexpr std::uint8_t kCommandStream = 0;

inline constexpr std::size_t kDataFrameBytes = 12;  // in front of the data
inline constexpr std::size_t kAckWishBytes = 2;
inline constexpr std::size_t kMaxGaps = 8;

struct DataFrame {
  std::uint8_t stream{};
  std::uint64_t offset{};
  Bytes bytes;
};
struct Hole {
  std::uint32_t start{};  // from the ACK's cumulative offset
  std::uint32_t bytes{};
  friend bool operator==(const Hole&, const Hole&) = default;
};
struct AckFrame {
  std::uint8_t stream{};
  std::uint32_t window{};      // bytes beyond `cumulative` that there is room for
  std::uint64_t cumulative{};  // everything below has come
  std::uint8_t holes{};        // how many are in `hole`
  std::array<Hole, kMaxGaps> hole{};
};
struct GapFrame {  // these bytes do not exist any more
  std::uint8_t stream{};
  std::uint64_t from{};
  std::uint64_t to{};
};
struct HeadFrame {  // that far the stream reaches
  std::uint8_t stream{};
  std::uint64_t tail{};
};
struct PingFrame {
  std::uint16_t size{};  // of its datagram
};
struct PongFrame {
  std::uint16_t size{};
};
struct PathChallenge {
  std::uint64_t value{};
};
struct PathResponse {
  std::uint64_t value{};
};
enum class ByeReason : std::uint8_t { quit = 0, stopped = 1, kicked = 2, replaced = 3, idle = 4 };
struct ByeFrame {
  ByeReason reason{};
  std::string_view text;  // for a person; at most 255 bytes
};
// When the sender of the data behind it in the same packet would like to hear that they came.
enum class AckWish : std::uint8_t {
  usual = 0,
  later = 1,  // more comes all the time, so that what is lost shows soon enough
  hurry = 2,  // the window is full: it waits for the word
};
struct AckWishFrame {
  AckWish wish{};
};

// The command that begins at `offset` came too early: it was not read, and nothing behind it.
struct WaitFrame {
  std::uint64_t offset{};
  std::uint32_t milliseconds{};  // until the server takes it
};

using Frame = std::variant<DataFrame, AckFrame, GapFrame, HeadFrame, PingFrame, PongFrame,
                           PathChallenge, PathResponse, ByeFrame, WelcomeFrame, RefusedFrame,
                           AckWishFrame, LimitsFrame, WaitFrame>;

// The next frame; nullopt at the end, and at a bad one, after which `in` is not ok().
[[nodiscard]] std::optional<Frame> next_frame(ByteReader& in) noexcept;

// False, with nothing written, if it does not fit.
bool write_frame(ByteWriter& out, const Frame& frame) noexcept;

}  // namespace chatd::wire
