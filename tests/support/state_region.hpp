// SPDX-License-Identifier: GPL-3.0-or-later
// state_region.hpp — a shared region of small size, and what tests do with its room log.
//
// Runs in:   test programs.
// Owns:      the memory file and a writer's mapping of it; both are inherited by a fork, so
//            a child writes what its parent sees.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/address.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::test {

// Small enough that a few dozen records go round the ring.
inline constexpr state::Geometry kSmallGeometry{.sessions = 8, .ring_bytes = 16384, .names = 3};
inline constexpr std::uint64_t kHistoryId = 0x1234;

class StateFixture : public ::testing::Test {
 protected:
  explicit StateFixture(state::Geometry geometry = kSmallGeometry);

  // A mapping as a worker has it: the room log read-only.
  [[nodiscard]] state::StateView follower() const;
  // A new region of the same sizes; the keys stay.
  void renew_region();

  UniqueFd region_;
  state::StateView state_;
  UniqueFd key_region_;
  state::KeyTable keys_;
};

// A second region in a test that has a fixture.
struct StandaloneRegion : StateFixture {
  explicit StandaloneRegion(state::Geometry geometry = kSmallGeometry) : StateFixture{geometry} {}
  void TestBody() override {}
  using StateFixture::key_region_;
  using StateFixture::keys_;
  using StateFixture::region_;
  using StateFixture::state_;
};

// A record that owns its texts.
struct SeenRecord {
  state::RecordKind kind{};
  std::optional<state::Sender> sender;
  std::uint64_t sequence{};
  std::uint64_t uplink_offset{};  // as the record has it
  std::string name;
  std::string text;
};

// Everything that can still be read of a room's log, from the oldest record on. Fails the test if
// the log is not whole, or a sequence number does not grow.
[[nodiscard]] std::vector<SeenRecord> records_of(const logs::LogMemory& memory);
// The records of the default room.
[[nodiscard]] std::vector<SeenRecord> records_of(const state::StateView& state);

// The records of a mailbox from offset 0 on, also acknowledged ones. The mailbox must not have gone
// round its ring.
[[nodiscard]] std::vector<SeenRecord> mailbox_records(const state::StateView& state,
                                                      state::Slot slot);

[[nodiscard]] MonoTime mono_at(std::chrono::microseconds time);
[[nodiscard]] WallTime wall_at(std::chrono::microseconds time);

// "127.0.0.1:4000". Fails the test if it is none.
[[nodiscard]] Endpoint endpoint(std::string_view text);

// How a member at `peer` is reached through the first socket.
[[nodiscard]] state::Delivery delivery_to(const Endpoint& peer, bool newline = false,
                                          std::uint16_t socket = 0);

}  // namespace chatd::test
