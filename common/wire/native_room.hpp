// SPDX-License-Identifier: GPL-3.0-or-later
// native_room.hpp — what commands and records say about further rooms, beside names and texts.
//
// Runs in:   client and gateway. Pure.
// Shape:     the body of a record `joined` or `left`, and of the command `join`, is one of these
//            structs; the rest of its text follows.
// See:       native_record.hpp, native_command.hpp; chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_reader.hpp"
#include "common/wire/field_writer.hpp"

namespace chatd::wire {

// Further rooms that a session may be in, and the stream of the first one.
inline constexpr std::size_t kMaxRoomStreams = 31;
inline constexpr std::uint8_t kFirstRoomStream = 2;

// Record `joined`: the member is in the room. The rest of the text is the topic.
struct JoinedRoom {
  std::uint8_t stream{};
  std::uint32_t room{};         // its id
  std::uint64_t offset{};       // of the first byte that the server sends
  std::uint64_t live_offset{};  // records that end at or below it are a replay

  static constexpr void fields(auto& v, auto& joined) {
    v("stream", joined.stream);
    v("room", joined.room);
    v("offset", joined.offset);
    v("live_offset", joined.live_offset);
  }
};

// Record `left`: the member is not in the room any more. The rest of the text is the reason; empty:
// the member left.
struct LeftRoom {
  std::uint8_t stream{};
  std::uint32_t room{};

  static constexpr void fields(auto& v, auto& left) {
    v("stream", left.stream);
    v("room", left.room);
  }
};

// Command `join`: what the client has of the room already.
struct RoomPosition {
  std::uint64_t history_id{};
  std::uint64_t offset{};

  static constexpr void fields(auto& v, auto& position) {
    v("history_id", position.history_id);
    v("offset", position.offset);
  }
};

// The struct at the front of a record's or a command's text. nullopt: the text is too short for it.
template <Listed T>
[[nodiscard]] std::optional<T> read_body(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  T body{};
  decode(in, body);
  if (!in.ok()) return std::nullopt;
  return body;
}

// The id in the name of a command. nullopt: it is none.
[[nodiscard]] inline std::optional<std::uint32_t> read_room_id(std::string_view name) noexcept {
  ByteReader in{std::as_bytes(std::span{name})};
  const auto id = in.take<std::uint32_t>();
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return id;
}

}  // namespace chatd::wire
