// SPDX-License-Identifier: GPL-3.0-or-later
// hurries.hpp — when the gateway asks the archive to store at once.
//
// Runs in:   gateway. Pure.
// Invariant: at most one sys::Hurry is on its way. While members wait, the next one follows when
//            the answer to the last one has brought something: so the disk decides how many
//            messages a transaction has. If it has brought nothing, as when the messages were
//            stored without it and others wait now, one more follows at once; after two such
//            answers the next one is due at the next tick. One that a dead archive has read is due
//            again after kLost.
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
  // A Stored has come. `has_moved`: something was waited for.
  void on_stored(bool has_moved) noexcept {
    if (!has_moved && state_ != State::sent) return;  // nobody has asked for it
    barren_ = has_moved ? 0 : barren_ + 1;
    state_ = barren_ < 2 ? State::idle : State::paused;
  }
  // About once a second.
  void tick(MonoTime now) noexcept {
    barren_ = 0;
    if (state_ == State::paused || now - sent_at_ >= kLost) state_ = State::idle;
  }

 private:
  enum class State : std::uint8_t { idle, sent, paused } state_{State::idle};
  MonoTime sent_at_{};
  unsigned barren_{0};  // answers in a row that have brought nothing
};

}  // namespace chatd::gateway
