// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/in_flight.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/state/native_slot.hpp"

namespace chatd::test {

std::vector<InFlight> in_flight(const state::StateView& view) {
  std::vector<InFlight> all;
  for (const auto& native : view.native_slots()) {
    const auto& peer = state::peer_of(native);
    InFlight one{.connection = peer.connection,
                 .window = native.down.congestion.window,
                 .room_acked = peer.acked[wire::kRoomStream]};
    for (std::size_t stream = 0; stream < wire::kDownStreams; ++stream) {
      const std::uint64_t sent = native.streams[stream].sent.load();
      one.sent += sent;
      if (sent > peer.acked[stream]) one.bytes += sent - peer.acked[stream];
    }
    all.push_back(one);
  }
  return all;
}

void expect_within_windows(const state::StateView& view, const std::vector<InFlight>& before) {
  const auto after = in_flight(view);
  for (std::size_t slot = 0; slot < after.size(); ++slot) {
    const bool sent_more =
        after[slot].connection == before[slot].connection && after[slot].sent > before[slot].sent;
    const bool lapped = after[slot].room_acked < view.ring_head().oldest.load();
    if (!sent_more || lapped) continue;
    const std::uint64_t window = std::max(before[slot].window, after[slot].window);
    ASSERT_LE(after[slot].bytes, window) << "slot " << slot;
  }
}

}  // namespace chatd::test
