// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_fuzz.cpp — fuzz target for snapshots: any bytes give an error with a message, or rooms
// with complete logs and possible rules that can be written and read again.
#include "daemon/handover/snapshot.hpp"

#include <span>

#include "common/base/log.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/state/room_table.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/room_checks.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {
namespace {

constexpr state::Geometry kWithRooms{
    .sessions = 8, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384};

void require_whole_log(const logs::LogMemory& memory) {
  logs::RecordBuffer buffer;
  logs::LogFollower log{memory, buffer, memory.oldest()};
  wire::RecordView record{};
  while (log.cursor() != memory.tail()) {
    const logs::Offset at = log.cursor();
    require(log.next(record) == logs::LogFollower::Status::record && log.cursor() > at);
  }
}

// Each subscription is to a room that exists, within its log.
void require_whole_rooms(const state::StateView& view) {
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
void require_possible_rules(const state::StateView& view, std::size_t count) {
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
    require(topic_of(room).text.bytes <= state::kMaxTopicBytes);
  }
}

void fuzz_snapshot(std::span<const std::uint8_t> bytes) {
  const StandaloneRegion region{kWithRooms};
  const auto restored = handover::read_snapshot(bytes, region.state_, region.keys_, WallTime{});
  if (!restored) return require(!restored.error().message().empty());
  const auto again = handover::write_snapshot(region.state_, region.keys_);
  const StandaloneRegion other{kWithRooms};
  const auto same = handover::read_snapshot(again, other.state_, other.keys_, WallTime{});
  require(same.has_value() && same->sessions == restored->sessions && same->left_out == 0);
  require(same->rooms == restored->rooms && same->rooms_left_out == 0);
  require(same->rules == restored->rules && same->rules_left_out == 0);
  require_possible_rules(region.state_, restored->rules);
  require_whole_log(region.state_.room_log());
  require_whole_rooms(region.state_);
}

}  // namespace
}  // namespace chatd::test

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::set_log_level(chatd::LogLevel::error);
  chatd::test::fuzz_snapshot({data, size});
  return 0;
}
