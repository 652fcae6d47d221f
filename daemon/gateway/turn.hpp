// SPDX-License-Identifier: GPL-3.0-or-later
// turn.hpp — for how long the gateway goes on with one socket.
//
// Runs in:   gateway. Pure: the time is an argument.
// Why:       a handshake costs a hundred times what a text does, so a number of datagrams alone
//            bounds nothing. Replies, workers, timers (the heartbeat) and the control socket wait
//            until a batch, or all of the turn, is over.
#pragma once

#include "common/base/time.hpp"

namespace chatd::gateway {

class Turn {
 public:
  // Then replies go out and workers are woken, with more of the datagrams still to be looked at.
  static constexpr Micros kBatch{10'000};
  // Then nothing more is taken from the socket before everything else had its turn. A hundredth
  // of workers.hang_timeout as it is by default.
  static constexpr Micros kTurn{50'000};

  explicit Turn(MonoTime now) noexcept : began_{now}, batch_began_{now} {}

  void begin_batch(MonoTime now) noexcept { batch_began_ = now; }
  [[nodiscard]] bool is_batch_over(MonoTime now) const noexcept {
    return now - batch_began_ >= kBatch;
  }
  [[nodiscard]] bool is_over(MonoTime now) const noexcept { return now - began_ >= kTurn; }

 private:
  MonoTime began_;
  MonoTime batch_began_;
};

}  // namespace chatd::gateway
