// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_fuzz.cpp — fuzz target for snapshots: any bytes give an error with a message, or rooms
// with complete logs and possible rules that can be written and read again.
#include "daemon/handover/snapshot.hpp"

#include <span>

#include "common/base/log.hpp"
#include "tests/fuzz/whole_state.hpp"

namespace chatd::test {
namespace {

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
  require(same->rows.restored == restored->rows.restored && same->rows.left_out == 0);
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
