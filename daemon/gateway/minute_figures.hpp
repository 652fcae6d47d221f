// SPDX-License-Identifier: GPL-3.0-or-later
// minute_figures.hpp — how much the counters have grown within the last minute.
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      a sample of each second, in private memory: a new gateway begins again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/wire/control/last_minute.hpp"

namespace chatd::gateway {

class MinuteFigures {
 public:
  // The counters as they are now; `span` has no meaning. Further samples of the same second are
  // ignored.
  void sample(const wire::LastMinute& counters, MonoTime now) {
    if (count_ != 0 && now - last().time < kSecond) return;
    samples_[count_++ % samples_.size()] = {.time = now, .counters = counters};
  }

  // From the oldest sample until now.
  [[nodiscard]] wire::LastMinute until(const wire::LastMinute& counters, MonoTime now) const {
    if (count_ == 0) return {};
    const Sample& from = samples_[count_ < samples_.size() ? 0 : count_ % samples_.size()];
    const wire::LastMinute& before = from.counters;
    return {.span = std::chrono::duration_cast<std::chrono::seconds>(now - from.time),
            .messages = counters.messages - before.messages,
            .lines_delivered = counters.lines_delivered - before.lines_delivered,
            .joins = counters.joins - before.joins,
            .leaves = counters.leaves - before.leaves,
            .logins_refused = counters.logins_refused - before.logins_refused,
            .dropped = counters.dropped - before.dropped};
  }

 private:
  static constexpr Micros kSecond = std::chrono::seconds{1};
  struct Sample {
    MonoTime time{};
    wire::LastMinute counters{};
  };
  [[nodiscard]] const Sample& last() const { return samples_[(count_ - 1) % samples_.size()]; }

  std::array<Sample, 60> samples_{};
  std::size_t count_{0};
};

}  // namespace chatd::gateway
