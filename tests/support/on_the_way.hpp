// SPDX-License-Identifier: GPL-3.0-or-later
// on_the_way.hpp — how much is on its way to each native member, and whether it may be.
//
// Runs in: test programs.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/state/state_view.hpp"

namespace chatd::test {

struct OnTheWay {  // to one member
  std::uint64_t connection{0}, window{0}, room_acked{0}, sent{0}, bytes{0};
};
// By slot.
[[nodiscard]] std::vector<OnTheWay> on_the_way(const state::StateView& view);

// RFC 8085, 3.1: what is on the way without an acknowledgement stays below a window that
// shrinks with each loss. It may be over a window that has just shrunk, but then nothing new
// is sent. Of a member that was lapped a part is on the way that is never sent.
void expect_within_windows(const state::StateView& view, const std::vector<OnTheWay>& before);

}  // namespace chatd::test
