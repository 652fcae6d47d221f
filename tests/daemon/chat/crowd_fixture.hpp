// SPDX-License-Identifier: GPL-3.0-or-later
// crowd_fixture.hpp — the `crowd` records of a log, and rooms whose joins are too fast.
//
// Runs in:   test programs.
#pragma once

#include "common/base/rate_limit.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/chat/crowd.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {

// The next join in the room is counted.
inline void use_up_rate(state::RoomHead& room, MonoTime now) {
  RateLimit{Crowd::kToldPerSecond, Crowd::kToldAtOnce}.spend(room.crowd.rate_arrival, now);
}

// The sum of all `crowd` records.
[[nodiscard]] inline wire::Crowd told_by_number(const logs::LogMemory& log) {
  wire::Crowd sum{};
  for (const auto& record : test::records_of(log)) {
    if (record.kind != wire::RecordKind::crowd) continue;
    const auto crowd = wire::read_crowd(record.text);
    EXPECT_TRUE(crowd && *crowd != wire::Crowd{});
    EXPECT_FALSE(record.sender);
    sum.joined += crowd->joined;
    sum.left += crowd->left;
  }
  return sum;
}

}  // namespace chatd::chat
