// SPDX-License-Identifier: GPL-3.0-or-later
// hurries.hpp — when the gateway asks the archive to store at once.
//
// Runs in:   gateway. Pure.
// Invariant: at most one sys::Hurry is on its way, so that the disk decides how many messages a
//            transaction has. The next one is due when the answer (sys::Stored) has come. After two
//            answers in a row that stored nothing new it is due at the next tick; a first such
//            answer is usual when other messages arrived after the archive had stored. A Hurry
//            without an answer, because the archive died, is due again after kLost.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::gateway {

class Hurries {
 public:
  static constexpr Micros kLost{5'000'000};

  // True: a Hurry is due, because somebody waits; it counts as sent.
  [[nodiscard]] bool take_due(MonoTime now) noexcept {
    if (state_ != State::idle) return false;
    state_ = State::sent;
    sent_at_ = now;
    return true;
  }
  // Sending it has failed.
  void failed() noexcept { state_ = State::paused; }
  // A sys::Stored has come. `has_moved`: a message that a member waited for is stored.
  void on_stored(bool has_moved) noexcept {
    if (!has_moved && state_ != State::sent) return;  // no Hurry was sent
    empty_answers_ = has_moved ? 0 : empty_answers_ + 1;
    state_ = empty_answers_ < 2 ? State::idle : State::paused;
  }
  // About once a second.
  void tick(MonoTime now) noexcept {
    empty_answers_ = 0;
    if (state_ == State::paused || now - sent_at_ >= kLost) state_ = State::idle;
  }

 private:
  enum class State : std::uint8_t { idle, sent, paused } state_{State::idle};
  MonoTime sent_at_{};
  unsigned empty_answers_{0};  // in a row, with nothing new
};

}  // namespace chatd::gateway
