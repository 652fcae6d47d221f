// SPDX-License-Identifier: GPL-3.0-or-later
// path_state.hpp — the state of the path of a Member: when its server was heard, and the frames
// that are to be answered.
//
// Runs in:   client (Member). Pure.
#pragma once

#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::client {

struct PathState {
  wire::ResetToken reset_token{};
  MonoTime last_sent{};
  MonoTime last_heard{};
  MonoTime unanswered_since{MonoTime::max()};
  MonoTime next_ping{MonoTime::max()};
  Micros ping_every{20'000'000};
  bool ping_due{false};
  bool is_lost{false};               // reported as Reconnecting
  std::vector<wire::Frame> answers;  // PONG, PATH_RESPONSE
};

}  // namespace chatd::client
