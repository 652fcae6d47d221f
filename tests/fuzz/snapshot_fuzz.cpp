// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_fuzz.cpp — fuzz target for snapshots: any bytes give an error with a message, or rooms
// with complete logs that can be written and read again.
#include "daemon/handover/snapshot.hpp"

#include <span>

#include "common/base/log.hpp"
#include "daemon/state/room_table.hpp"
#include "tests/fuzz/require.hpp"
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

void fuzz_snapshot(std::span<const std::uint8_t> bytes) {
  const StandaloneRegion region{kWithRooms};
  const auto restored = handover::read_snapshot(bytes, region.state_, region.keys_, WallTime{});
  if (!restored) return require(!restored.error().message().empty());
  const auto again = handover::write_snapshot(region.state_, region.keys_);
  const StandaloneRegion other{kWithRooms};
  const auto same = handover::read_snapshot(again, other.state_, other.keys_, WallTime{});
  require(same.has_value() && same->members == restored->members && same->left_out == 0);
  require(same->rooms == restored->rooms && same->rooms_left_out == 0);
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
