// SPDX-License-Identifier: GPL-3.0-or-later
// tally.hpp — every delivery of a benchmark, held against what was said.
//
// Runs in:   benchmarks.
// Invariant: a delivery counts once, and only in its publisher's order; whatever else comes is
//            counted as what it is.
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
      ++strange_;
      return;
    }
    std::uint32_t& next = next_[member * publishers_ + payload.publisher];
    if (payload.number < next) {
      ++again_;  // or too late
      return;
    }
    skipped_ += payload.number - next;
    next = payload.number + 1;
    ++delivered_;
    latency_.add(now.time_since_epoch() - payload.due);
  }
  // What was counted so far was the warming up; the order goes on.
  void begin() {
    delivered_ = again_ = skipped_ = strange_ = 0;
    latency_.clear();
  }

  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] std::uint64_t again() const { return again_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
  [[nodiscard]] std::uint64_t strange() const { return strange_; }
  [[nodiscard]] const Histogram& latency() const { return latency_; }

 private:
  std::size_t publishers_;
  std::vector<std::uint32_t> next_;
  std::uint64_t delivered_{0};
  std::uint64_t again_{0};
  std::uint64_t skipped_{0};
  std::uint64_t strange_{0};
  Histogram latency_;
};

}  // namespace chatd::bench
