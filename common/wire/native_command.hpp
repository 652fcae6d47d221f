// SPDX-License-Identifier: GPL-3.0-or-later
// native_command.hpp — the commands of a native member: the bytes of its command stream.
//
// Runs in:   client (writes), gateway (reads).
// Borrows:   the bytes. Pure; nothing allocates.
// Shape:     the header, the name, the text.
// Invariant: a command is never split over two datagrams, so that the server stores no part of
//            one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_writer.hpp"

namespace chatd::wire {

enum class CommandKind : std::uint8_t {
  say = 1,     // name: the room's id, 32 bits; empty: the default room
  action = 2,  // the same
  letter = 3,  // a direct message; name: its receiver
  who = 4,     // name: as of `say`; text: the slot, 32 bits, at which the list begins
  quit = 5,
  join = 6,   // name: the room's; text: a RoomPosition, or empty
  leave = 7,  // name: the room's id, 32 bits
  rooms = 8,  // text: the row, 32 bits, at which the list begins
  make = 9,   // name: the new room's
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

// False, with nothing written, if the command is too long for the writer or for a command.
bool write_command(ByteWriter& out, CommandKind kind, std::string_view name,
                   std::string_view text) noexcept;

}  // namespace chatd::wire
