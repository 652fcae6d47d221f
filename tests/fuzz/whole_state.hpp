// SPDX-License-Identifier: GPL-3.0-or-later
// whole_state.hpp — checks of a region into which any bytes were restored: logs are whole,
// subscriptions and rules are possible.
//
// Runs in:   fuzz targets.
#pragma once

#include <cstdint>
#include <optional>

#include "common/wire/native/native_room.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/room_checks.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {

inline constexpr state::Geometry kWithRooms{
    .sessions = 8, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384, .names = 3};

inline void require_whole_log(const logs::LogMemory& memory) {
  logs::RecordBuffer buffer;
  logs::LogFollower log{memory, buffer, memory.oldest()};
  wire::RecordView record{};
  while (log.cursor() != memory.tail()) {
    const logs::Offset at = log.cursor();
    require(log.next(record) == logs::LogFollower::Status::record && log.cursor() > at);
  }
}

// Each subscription is to a room that exists, within its log.
inline void require_whole_rooms(const state::StateView& view) {
  const state::RoomTable table{view};
  for (std::uint32_t row = 0; row < table.capacity(); ++row) {
    require_whole_log(view.room_log(state::RoomIndex{row}));
  }
  for (state::Slot slot{}; slot < view.slots().size(); ++slot) {
    table.for_each(slot, [&](std::size_t at) {
      require(at < state::kSubscriptions);
      const auto& one = table.subscription(slot, at);
      const auto place = state::room_place(one.room.load());
      require(static_cast<std::uint32_t>(place.index) < table.capacity());
      require(table.place(place.index) == place);
      require(one.acks.acked <= view.room_log(place.index).tail());
    });
  }
}

// Each rule is in a row that is looked at, has an id below the next one, and a room that exists.
inline void require_possible_rules(const state::StateView& view, std::size_t count) {
  const state::RuleTable rules{view};
  require(rules.used() == count);
  for (std::uint32_t at = 0; at < rules.used(); ++at) {
    const state::RuleSlot& rule = rules.row(state::RuleIndex{at});
    require(rules.is_made(state::RuleIndex{at}) && is_possible(rule));
    require(rule.id <= view.rule_head().last_id.load());
    require(rule.room == state::kDefaultRoom || row_of(view, rule.room).has_value());
  }
  for (std::uint32_t row = 0; row <= view.geometry().rooms; ++row) {
    const auto& room =
        view.properties(row == 0 ? std::nullopt : std::optional{state::RoomIndex{row - 1}});
    require(room.slow_seconds.load() <= wire::kMaxSlowSeconds);
    require(wire::is_history(room.history.load()));
    require(topic_of(room).text.bytes <= state::kMaxTopicBytes);
  }
}

}  // namespace chatd::test
