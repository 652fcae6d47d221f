// SPDX-License-Identifier: GPL-3.0-or-later
// minute_figures.hpp — the growth of the counters within the last minute.
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      a sample of each second, in private memory: a new gateway begins without samples.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/base/time.hpp"
#include "common/wire/control/last_minute.hpp"

namespace chatd::gateway {

class MinuteFigures {
 public:
  // Keeps the present values of the counters; their `span` has no meaning. A sample less than
  // kShortest after the last one is ignored.
  void sample(const wire::LastMinute& counters, MonoTime now) {
    if (count_ != 0 && now - last().time < kShortest) return;
    samples_[count_++ % samples_.size()] = {.time = now, .counters = counters};
  }

  // The growth from the oldest sample until now.
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
  // Less than the second between two samples: a timer is never exact.
  static constexpr Micros kShortest = std::chrono::milliseconds{900};
  struct Sample {
    MonoTime time{};
    wire::LastMinute counters{};
  };
  [[nodiscard]] const Sample& last() const { return samples_[(count_ - 1) % samples_.size()]; }

  std::array<Sample, 60> samples_{};
  std::size_t count_{0};
};

}  // namespace chatd::gateway
