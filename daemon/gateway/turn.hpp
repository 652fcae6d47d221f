// SPDX-License-Identifier: GPL-3.0-or-later
// turn.hpp — the time limits for one run of the gateway's receive loop on one socket.
//
// Runs in:   gateway. Pure: the time is an argument.
// Why:       a handshake costs a hundred times as much as a text message, so a limit on the
//            number of datagrams does not limit the time. Replies, workers, timers (the
//            heartbeat) and the control socket wait until a batch, or the whole turn, is over.
#pragma once

#include "common/base/time.hpp"

namespace chatd::gateway {

// A turn is a sequence of batches. Both limits are checked after each datagram.
class Turn {
 public:
  // After this time the batch ends: replies are sent and workers are woken, even if more
  // datagrams wait.
  static constexpr Micros kBatch = std::chrono::milliseconds{10};
  // After this time the turn ends: the event loop handles everything else before the socket is
  // read again. One hundredth of the default of workers.hang_timeout.
  static constexpr Micros kTurn = std::chrono::milliseconds{50};

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
