// SPDX-License-Identifier: GPL-3.0-or-later
// native_command.hpp — the commands of a native member: the bytes of its command stream.
//
// Runs in:   client (writes), gateway (reads).
// Borrows:   the bytes. Pure; nothing allocates.
// Shape:     the header, the name, the text.
// Invariant: a command is never split over two datagrams, so that the server stores no part of
//            one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_room.hpp"

namespace chatd::wire {

// The id of a room is never used for another room of the same history.
using RoomId = std::uint32_t;
inline constexpr RoomId kDefaultRoom = 0;

enum class CommandKind : std::uint8_t {
  say = 1,     // name: a RoomAddress; empty: the default room
  action = 2,  // name: as of say
  direct = 3,  // a direct message; name: its receiver, a NamedPerson
  who = 4,     // name: as of say, empty: all members of the server; text: a ListPlace
  quit = 5,
  join = 6,          // name: the name of a room; text: empty, or the RoomPosition to go on from
  leave = 7,         // name: a RoomAddress
  rooms = 8,         // text: a ListPlace
  make = 9,          // name: the name of a new room, which the sender joins
  topic = 10,        // name: a RoomAddress; text: the new topic, may be empty
  set = 11,          // name: a RoomAddress; text: a RoomSetting
  moderate = 12,     // name: a RoomAddress; text: a Moderation
  about = 13,        // name: a RoomAddress; text: a ListPlace. The answer: records `about`
  programs = 14,     // text: a ListPlace of 0, which is not read. The answer: a record `programs`
  end_program = 15,  // text: a ProgramNumber. The answer: a record `programs`, without that program
  whois = 16,        // name: a user, a NamedPerson. The answer: a record `whois`
  away = 17,         // text: about being away, at most kMaxAwayBytes; empty: the sender is back if
                     // it is away, and away if not. The answer: a record `away` or `back`
  history = 18,      // name: a RoomAddress; text: a HistoryQuestion. The answer: records `stored`,
                     // and a record `page`
  erase = 20,        // name: as of say; text: a LineNumber, empty: the sender's own last message.
                     // The record `erased` in the room is the answer
  own = 21,          // text: an OwnRequest. The answer: a record `own`
  block = 22,        // name: of an add or a remove a user, a NamedPerson; text: a BlockRequest. The
                     // answer: a record `blocks`
};

// The room that a command is for.
struct RoomAddress {
  RoomId room{};
  static constexpr void fields(auto& v, auto& address) { v("room", address.room); }
};
// The part of a room's log that a client has read: everything below `offset`.
struct RoomPosition {
  std::uint64_t history_id{};
  std::uint64_t offset{};
  static constexpr void fields(auto& v, auto& position) {
    v("history_id", position.history_id);
    v("offset", position.offset);
  }
  friend bool operator==(const RoomPosition&, const RoomPosition&) = default;
};
// The place at which a part of a list begins; 0 for the first part.
struct ListPlace {
  std::uint32_t place{};
  static constexpr void fields(auto& v, auto& list) { v("place", list.place); }
};
// Another program of the sender's member, as a record `programs` numbers it.
struct ProgramNumber {
  std::uint32_t number{};
  static constexpr void fields(auto& v, auto& program) { v("number", program.number); }
};

// A line of a room, by the number of its record.
struct LineNumber {
  std::uint64_t number{};
  static constexpr void fields(auto& v, auto& line) { v("number", line.number); }
};

inline constexpr std::size_t kMaxCommandBytes = 1000;

struct CommandHeader {
  std::uint16_t size{};  // of the whole command
  CommandKind kind{};
  std::uint8_t name_bytes{};

  static constexpr void fields(auto& v, auto& header) {
    v("size", header.size);
    v("kind", header.kind);
    v("name_bytes", header.name_bytes);
  }
};
inline constexpr std::size_t kCommandHeaderBytes = encoded_bytes(CommandHeader{});

struct CommandView {
  CommandKind kind{};
  std::string_view name;
  std::string_view text;
  std::size_t size{};  // of the whole command in the stream
};

// The command at the front of the stream. Its kind may be one that only a newer client knows.
// nullopt: there is no whole command.
[[nodiscard]] std::optional<CommandView> read_command(Bytes stream) noexcept;

// The room that the name of a command says. nullopt: the name is no RoomAddress.
[[nodiscard]] std::optional<RoomId> room_of(const CommandView& command) noexcept;
// The position of a join. nullopt: it has none.
[[nodiscard]] std::optional<RoomPosition> position_of(const CommandView& command) noexcept;
// The place of a who, rooms or about. nullopt: the text is no ListPlace.
[[nodiscard]] std::optional<std::uint32_t> place_of(const CommandView& command) noexcept;
// The number of an end_program. nullopt: the text is no ProgramNumber.
[[nodiscard]] std::optional<std::uint32_t> program_of(const CommandView& command) noexcept;

// The number of an erase. nullopt: the text is no LineNumber.
[[nodiscard]] std::optional<std::uint64_t> line_of(const CommandView& command) noexcept;

// Encodes a struct above, or a RoomSetting, as the name or the text of a command.
template <Listed T>
[[nodiscard]] std::array<char, encoded_bytes(T{})> as_argument(const T& value) noexcept {
  std::array<char, encoded_bytes(T{})> text{};
  ByteWriter out{std::as_writable_bytes(std::span{text})};
  encode(out, value);
  return text;
}

// False, with nothing written, if the command is too long for the writer or for a command.
bool write_command(ByteWriter& out, CommandKind kind, std::string_view name,
                   std::string_view text) noexcept;

}  // namespace chatd::wire
