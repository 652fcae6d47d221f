// SPDX-License-Identifier: GPL-3.0-or-later
// native_command.hpp — what a native member asks for: the bytes of its command stream.
//
// Runs in:   client (writes), gateway (reads).
// Borrows:   the bytes. Pure; nothing allocates.
// Invariant: a command is never split over two datagrams, so that the server keeps no part
//            of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/bytes.hpp"

namespace chatd::wire {

enum class CommandKind : std::uint8_t {
  say = 1,
  action = 2,
  letter = 3,  // name: to whom
  who = 4,     // text: a 32-bit slot to go on from
  quit = 5,
};

inline constexpr std::size_t kMaxCommandBytes = 1000;
inline constexpr std::size_t kCommandHeaderBytes = 4;

struct CommandView {
  CommandKind kind{};
  std::string_view name;
  std::string_view text;
  std::size_t size{};  // of all of it in the stream
};

// The command at the front; its kind may be one that only a newer client knows. nullopt: no
// whole command is there.
[[nodiscard]] std::optional<CommandView> read_command(Bytes stream) noexcept;

// False, with nothing written, if it is too long for the writer or for a command.
bool write_command(ByteWriter& out, CommandKind kind, std::string_view name,
                   std::string_view text) noexcept;

}  // namespace chatd::wire
