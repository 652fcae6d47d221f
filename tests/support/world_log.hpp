// SPDX-License-Identifier: GPL-3.0-or-later
// world_log.hpp — a log of the small server of room_world.hpp: a room's, or the member's mailbox.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string>

#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::test {

struct WorldLog {
  std::string name;
  std::uint64_t base{0};  // offset of the first byte: 2^32 times the room's id
  std::string bytes{};
  std::uint64_t gone{0};  // bytes below this offset were overwritten
  [[nodiscard]] std::uint64_t tail() const { return base + bytes.size(); }
  [[nodiscard]] wire::RoomId id() const { return static_cast<wire::RoomId>(base >> 32U); }
};

// The facts of a record besides its texts.
struct RecordFacts {
  wire::RecordKind kind;
  std::uint32_t slot;
  std::uint64_t generation{0};
  std::uint64_t command{0};
  std::uint64_t person{0};  // of a join or a speaker
};

}  // namespace chatd::test
