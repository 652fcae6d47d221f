// SPDX-License-Identifier: GPL-3.0-or-later
// tally.hpp — counts the deliveries of a benchmark, and those that are wrong.
//
// Runs in:   benchmarks.
// Invariant: a delivery counts once, and only in the order of its publisher; other deliveries are
//            counted as repeated, skipped or invented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/bench/histogram.hpp"
#include "tests/bench/payload.hpp"

namespace chatd::bench {

class Tally {
 public:
  Tally(std::size_t members, std::size_t publishers)
      : publishers_{publishers}, next_(members * publishers) {}

  void arrived(std::size_t member, const Payload& payload, Clock::time_point now) {
    if (payload.publisher >= publishers_) {
      ++invented_;
      return;
    }
    std::uint32_t& next = next_[member * publishers_ + payload.publisher];
    if (payload.number < next) {
      ++repeated_;  // or out of order
      return;
    }
    skipped_ += payload.number - next;
    next = payload.number + 1;
    ++delivered_;
    latency_.add(now.time_since_epoch() - payload.due);
  }
  // Counts a delivery to a member that the message was not sent to.
  void invent() { ++invented_; }
  // Resets the counts after the warm-up. The expected numbers stay.
  void begin() {
    delivered_ = repeated_ = skipped_ = invented_ = 0;
    latency_.clear();
  }

  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  // Repeated or out of order; missing before a later one; of an unknown publisher, or not sent to
  // the member that received it.
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
  [[nodiscard]] std::uint64_t invented() const { return invented_; }
  [[nodiscard]] const Histogram& latency() const { return latency_; }

 private:
  std::size_t publishers_;
  std::vector<std::uint32_t> next_;
  std::uint64_t delivered_{0};
  std::uint64_t repeated_{0};
  std::uint64_t skipped_{0};
  std::uint64_t invented_{0};
  Histogram latency_;
};

}  // namespace chatd::bench
