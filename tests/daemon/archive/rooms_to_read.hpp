// SPDX-License-Identifier: GPL-3.0-or-later
// rooms_to_read.hpp — rooms in shared memory whose logs a test fills, for the archive to read.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/state/room_log.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/session_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {

// Two rows for further rooms; each log holds some dozen records.
class RoomsToRead : public StateFixture {
 protected:
  RoomsToRead()
      : StateFixture{{.sessions = 4, .ring_bytes = 16384, .rooms = 2, .room_ring_bytes = 16384}} {}

  void make_room(std::uint32_t row, std::uint32_t id, std::string_view name) {
    rooms_.make(state::RoomIndex{row},
                {.id = state::RoomId{id}, .name = name, .is_kept = true, .now = {}, .maker = {}});
    rooms_.settle(state::RoomIndex{row});
  }
  void say(std::string_view text, std::string_view name = "ada") {
    append(state::RoomLog{state_}, wire::RecordKind::say, text, name);
  }
  void say_in(std::uint32_t row, std::string_view text) {
    rooms_.begin_append(state::RoomIndex{row});
    append(state::RoomLog{state_, state::RoomIndex{row}}, wire::RecordKind::say, text, "ada");
    rooms_.end_append(state::RoomIndex{row});
  }
  static void append(state::RoomLog log, wire::RecordKind kind, std::string_view text,
                     std::string_view name, std::optional<logs::Sender> sender = std::nullopt,
                     std::uint64_t end = 8) {
    const bool is_join = kind == wire::RecordKind::join;
    EXPECT_TRUE(log.append({.kind = kind,
                            .sender = sender,
                            .name = name,
                            .text = text,
                            .time = wall_at(std::chrono::seconds{9}),
                            .uplink_offset = is_join ? 0 : end,
                            .person = is_join ? end : 0}));
  }

  state::RoomTable rooms_{state_};
  state::SessionTable sessions_{state_};
  state::StateView follower_{follower()};
};

}  // namespace chatd::test
