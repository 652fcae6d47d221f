// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_fuzz.cpp — fuzz target for snapshots: any bytes give an error with a message, or a room
// with a complete log that can be written and read again.
#include "daemon/handover/snapshot.hpp"

#include <span>

#include "common/base/log.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {
namespace {

struct Region : StateFixture {
  void TestBody() override {}
  using StateFixture::keys_;
  using StateFixture::state_;
};

void require_whole_log(const state::StateView& view) {
  logs::RecordBuffer buffer;
  logs::LogFollower log{view.room_log(), buffer, view.room_log().oldest()};
  wire::RecordView record{};
  while (log.cursor() != view.ring_head().tail.load()) {
    const logs::Offset at = log.cursor();
    require(log.next(record) == logs::LogFollower::Status::record && log.cursor() > at);
  }
}

void fuzz_snapshot(std::span<const std::uint8_t> bytes) {
  const Region region;
  const auto restored = handover::read_snapshot(bytes, region.state_, region.keys_, WallTime{});
  if (!restored) return require(!restored.error().message().empty());
  const auto again = handover::write_snapshot(region.state_, region.keys_);
  const Region other;
  const auto same = handover::read_snapshot(again, other.state_, other.keys_, WallTime{});
  require(same.has_value() && same->members == restored->members && same->left_out == 0);
  require_whole_log(region.state_);
}

}  // namespace
}  // namespace chatd::test

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::set_log_level(chatd::LogLevel::error);
  chatd::test::fuzz_snapshot({data, size});
  return 0;
}
