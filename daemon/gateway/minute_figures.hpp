// SPDX-License-Identifier: GPL-3.0-or-later
// minute_figures.hpp — the growth of the counters within the last minute.
//
// Runs in:   gateway. Pure: the time is an argument.
// Owns:      samples of the counters, in private memory: a new gateway begins without samples.
// Invariant: after a minute the span of the figures is a minute or more, never less: the oldest of
//            the samples is at least that old.
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

  // The growth within the last minute, or since the first sample if that is later. The span is
  // longer than a minute by less than the time between two samples.
  [[nodiscard]] wire::LastMinute until(const wire::LastMinute& counters, MonoTime now) const {
    if (count_ == 0) return {};
    const Sample& from = samples_[first_of_minute(now) % samples_.size()];
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
  static constexpr Micros kMinute = std::chrono::minutes{1};
  // Less than the second between two samples: a timer is never exact.
  static constexpr Micros kShortest = std::chrono::milliseconds{900};
  // So many that the oldest one is a minute old, even if all are as near as kShortest allows.
  static constexpr std::size_t kSamples = kMinute / kShortest + 2;
  static_assert((kSamples - 1) * kShortest >= kMinute);
  struct Sample {
    MonoTime time{};
    wire::LastMinute counters{};
  };
  [[nodiscard]] const Sample& last() const { return samples_[(count_ - 1) % samples_.size()]; }
  // The number of the latest sample that is a minute old; without one, that of the oldest.
  [[nodiscard]] std::size_t first_of_minute(MonoTime now) const {
    const std::size_t oldest = count_ < samples_.size() ? 0 : count_ - samples_.size();
    std::size_t from = oldest;
    while (from + 1 < count_ && now - samples_[(from + 1) % samples_.size()].time >= kMinute) {
      ++from;
    }
    return from;
  }

  std::array<Sample, kSamples> samples_{};
  std::size_t count_{0};  // of all samples so far; sample N is in place N % kSamples
};

}  // namespace chatd::gateway
