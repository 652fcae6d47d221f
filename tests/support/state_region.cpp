// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/state_region.hpp"

namespace chatd::test {

StateFixture::StateFixture(state::Geometry geometry)
    : region_{state::create_region(geometry, kEpoch, wall_at(std::chrono::seconds{1})).value()},
      state_{state::StateView::map(region_.get(), state::Access::writer).value()},
      key_region_{state::KeyTable::create(geometry.sessions).value()},
      keys_{state::KeyTable::map(key_region_.get(), geometry.sessions, state::Access::writer)
                .value()} {}

state::StateView StateFixture::follower() const {
  return state::StateView::map(region_.get(), state::Access::follower).value();
}

std::vector<SeenRecord> records_of(const state::StateView& state) {
  using Status = state::RoomLogReader::Status;
  state::RoomLogReader reader{state};
  std::vector<SeenRecord> seen;
  std::uint64_t at = state.ring_head().oldest.load();
  for (;;) {
    state::Record record{};
    const auto outcome = reader.read(at, record);
    if (outcome.status != Status::record) {
      EXPECT_EQ(outcome.status, Status::empty) << "at offset " << at;
      EXPECT_EQ(at, state.ring_head().tail.load());
      return seen;
    }
    if (!seen.empty()) {
      EXPECT_GT(record.sequence, seen.back().sequence);
    }
    seen.push_back({.kind = record.kind,
                    .sender = record.sender,
                    .sequence = record.sequence,
                    .name = std::string{record.name},
                    .text = std::string{record.text}});
    at = outcome.next;
  }
}

MonoTime mono_at(std::chrono::microseconds time) { return MonoTime{time}; }
WallTime wall_at(std::chrono::microseconds time) { return WallTime{time}; }

Endpoint endpoint(std::string_view text) {
  const auto parsed = parse_endpoint(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Endpoint{});
}

state::Delivery delivery_to(const Endpoint& peer, bool newline, std::uint16_t socket) {
  return {.peer = peer,
          .local = {},
          .socket = socket,
          .newline = static_cast<std::uint8_t>(newline ? 1 : 0),
          .unproved = 0};
}

}  // namespace chatd::test
