// SPDX-License-Identifier: GPL-3.0-or-later
// pulse.hpp — whether another process gives signs of life.
//
// Runs in:   web. Pure: the time is an argument.
#pragma once

#include <chrono>
#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::web {

class Pulse {
 public:
  // Without a change for so long, the process does not live.
  static constexpr Micros kLimit = std::chrono::seconds{5};

  explicit Pulse(MonoTime now) : changed_{now} {}
  // `beat`: the heartbeat of the process now. To be called more often than kLimit.
  void look(std::uint64_t beat, MonoTime now) noexcept {
    if (beat == beat_) return;
    beat_ = beat;
    changed_ = now;
  }
  [[nodiscard]] bool is_there(MonoTime now) const noexcept { return now - changed_ < kLimit; }

 private:
  std::uint64_t beat_{0};
  MonoTime changed_;
};

}  // namespace chatd::web
