// SPDX-License-Identifier: GPL-3.0-or-later
// restored_rooms.hpp — a region with a default room and two rooms that are kept, and a history.db
// of an earlier history that has lines of them.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "daemon/restore/fill_history.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

class RestoredRooms : public StateFixture {
 protected:
  static constexpr std::uint64_t kBorn = 17;
  static constexpr state::RoomId kLab{7};
  static constexpr state::RoomId kDen{9};
  static constexpr state::RoomIndex kLabRow{0};

  RestoredRooms()
      : StateFixture{{.sessions = 4, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384}} {
    make_room(0, kLab, "lab");
    make_room(1, kDen, "den");
  }
  void make_room(std::uint32_t row, state::RoomId id, std::string_view name) {
    const state::RoomIndex index{row};
    rooms_.make(index, {.id = id, .name = name, .is_kept = true, .now = {}, .maker = {}});
    state_.room_slot(index).born = kBorn;
    rooms_.settle(index);
  }
  // Opens the database as the process of that history.
  [[nodiscard]] archive::HistoryDb open(std::uint64_t epoch) const {
    auto database =
        archive::HistoryDb::open(directory_ / "history.db", epoch, kLargeDatabase, [] {});
    EXPECT_TRUE(database) << database.error().message();
    return std::move(*database);
  }
  void store(std::vector<archive::Line> lines, state::RoomId room = state::kDefaultRoom,
             std::string name = "chat") const {
    auto database = open(kBorn);
    const auto saved = database.save(batch(std::move(lines), room, std::move(name)));
    EXPECT_TRUE(saved) << saved.error().message();
  }
  [[nodiscard]] Result<restore::Filled> fill(restore::FillLimits limits) const {
    auto database = open(kHistoryId);
    return restore::fill_history(database, state_, limits, [] {});
  }
  // "3 ada hello" for each record.
  [[nodiscard]] std::vector<std::string> lines(const logs::LogMemory& log) const {
    std::vector<std::string> lines;
    for (const auto& one : records_of(log)) {
      lines.push_back(fmt::format("{} {} {}", one.sequence, one.name, one.text));
    }
    return lines;
  }
  [[nodiscard]] const logs::LogMemory lab() const { return state_.room_log(kLabRow); }
  [[nodiscard]] state::RuleSlot& add_owner(state::RoomId room, std::uint64_t since,
                                           std::uint64_t number) {
    state::RuleTable rules{state_};
    const state::RuleIndex at{rules.used()};
    rules.make(at, {.kind = state::RuleKind::owner,
                    .target = state::RuleTarget::person,
                    .room = room,
                    .person = state::PersonId{5}});
    state::RuleSlot& row = state_.rule_slots()[static_cast<std::uint32_t>(at)];
    row.since = since;
    row.since_number = number;
    return row;
  }

  TempDir directory_;
  state::RoomTable rooms_{state_};
};

}  // namespace chatd::test
