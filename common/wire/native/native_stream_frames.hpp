// SPDX-License-Identifier: GPL-3.0-or-later
// native_stream_frames.hpp — the frames of the streams: their bytes, and the state of both ends.
//
// Runs in:   client, gateway, worker.
// Borrows:   the opened packet, for the bytes of DATA.
// See:       native_frame.hpp, which reads and writes them; chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_frame_type.hpp"

namespace chatd::wire {

// Streams towards the client, and from it. A room that a member has joined besides the default
// room has one of the kMaxRoomStreams streams from kFirstRoomStream on.
inline constexpr std::uint8_t kMailboxStream = 0;
inline constexpr std::uint8_t kRoomStream = 1;  // the default room
inline constexpr std::size_t kDownStreams = 2;  // the two that every member has
inline constexpr std::uint8_t kFirstRoomStream = 2;
inline constexpr std::uint8_t kMaxRoomStreams = 31;
inline constexpr std::uint8_t kCommandStream = 0;

inline constexpr std::size_t kMaxGaps = 8;

// A part of a stream.
struct DataFrame {
  static constexpr FrameType kType = FrameType::data;
  std::uint8_t stream{};
  std::uint64_t offset{};  // of the first byte
  Bytes bytes{};

  static constexpr void fields(auto& v, auto& data) {
    v("stream", data.stream);
    v("offset", data.offset);
    v("bytes", data.bytes);
  }
};
inline constexpr std::size_t kDataFrameBytes =
    kFrameHeaderBytes + encoded_bytes(DataFrame{});  // in front of the data

// Bytes that have not come, while later ones have.
struct Hole {
  std::uint32_t start{};  // from the ACK's cumulative offset
  std::uint32_t bytes{};
  friend bool operator==(const Hole&, const Hole&) = default;

  static constexpr void fields(auto& v, auto& hole) {
    v("start", hole.start);
    v("bytes", hole.bytes);
  }
};
struct AckFrame {
  static constexpr FrameType kType = FrameType::ack;
  std::uint8_t stream{};
  std::uint32_t window{};      // bytes that the receiver takes beyond `cumulative`
  std::uint64_t cumulative{};  // every byte below this offset has come
  std::uint8_t holes{};        // how many elements of `hole` are in use
  std::array<Hole, kMaxGaps> hole{};

  static constexpr void fields(auto& v, auto& ack) {
    v("stream", ack.stream);
    v("window", ack.window);
    v("cumulative", ack.cumulative);
    v("holes", List{ack.hole, ack.holes});
  }
};

// The bytes of the stream from `from` to `to` do not exist any more.
struct GapFrame {
  static constexpr FrameType kType = FrameType::gap;
  std::uint8_t stream{};
  std::uint64_t from{};
  std::uint64_t to{};  // not below `from`

  static constexpr void fields(auto& v, auto& gap) {
    v("stream", gap.stream);
    v("from", gap.from);
    v("to", gap.to);
  }
};

// How far the stream reaches.
struct HeadFrame {
  static constexpr FrameType kType = FrameType::head;
  std::uint8_t stream{};
  std::uint64_t tail{};  // the offset behind its last byte

  static constexpr void fields(auto& v, auto& head) {
    v("stream", head.stream);
    v("tail", head.tail);
  }
};

// When the sender of the DATA that follows in the same packet wants its ACK. A value that is not
// known means `usual`.
enum class AckWish : std::uint8_t {
  usual = 0,
  later = 1,  // more data follows all the time, so that a loss shows soon enough
  hurry = 2,  // the window is full: the sender waits for the ACK
};
struct AckWishFrame {
  static constexpr FrameType kType = FrameType::ack_wish;
  AckWish wish{};

  static constexpr void fields(auto& v, auto& frame) { v("wish", frame.wish); }
};
inline constexpr std::size_t kAckWishBytes = kFrameHeaderBytes + encoded_bytes(AckWishFrame{});

// The command that begins at `offset` came too early. The server did not read it, nor any command
// behind it.
struct WaitFrame {
  static constexpr FrameType kType = FrameType::wait;
  std::uint64_t offset{};
  std::uint32_t milliseconds{};  // until the server takes it

  static constexpr void fields(auto& v, auto& wait) {
    v("offset", wait.offset);
    v("milliseconds", wait.milliseconds);
  }
};

// Whether the messages among commands are on the server's disk. A number that is not known means
// `unknown`.
enum class SavedState : std::uint8_t {
  saved = 0,       // all of them that were not refused
  unknown = 1,     // some may not be, and never will
  no_history = 2,  // the server stores no messages, or none of the room
};
// From the server, to a client that has asked for it at its login: of the commands that end at or
// below `offset`, those of which it has not said so before. From a client: it waits for the
// commands up to there; `state` is 0.
struct SavedFrame {
  static constexpr FrameType kType = FrameType::saved;
  std::uint64_t offset{};
  SavedState state{};

  static constexpr void fields(auto& v, auto& saved) {
    v("offset", saved.offset);
    v("state", saved.state);
  }
};

}  // namespace chatd::wire
