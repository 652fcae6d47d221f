// SPDX-License-Identifier: GPL-3.0-or-later
// in_flight.hpp — the bytes in flight to each native member, compared with its congestion window.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/state/state_view.hpp"

namespace chatd::test {

struct InFlight {  // to one member
  std::uint64_t connection{0}, window{0}, room_acked{0}, sent{0}, bytes{0};
};
// One entry for each slot.
[[nodiscard]] std::vector<InFlight> in_flight(const state::StateView& view);

// Fails the test if a member that was sent more since `before` has more bytes in flight than its
// window. RFC 8085, 3.1: the bytes without an acknowledgement stay below a window that shrinks with
// each loss. They can be more than a window that has just shrunk, but then nothing new is sent.
// A member that was lapped does not count: a part of its bytes is never sent.
void expect_within_windows(const state::StateView& view, const std::vector<InFlight>& before);

}  // namespace chatd::test
