// SPDX-License-Identifier: GPL-3.0-or-later
// histogram.hpp — durations in buckets whose width is at most 1/64 of what they hold.
//
// Runs in:   benchmarks.
// Invariant: add() never allocates and takes the same time whatever the value, so that looking
//            at latencies does not make them. The idea is HdrHistogram's (Gil Tene).
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chatd::bench {

class Histogram {
 public:
  void add(std::chrono::nanoseconds value) {
    ++counts_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0)))];
    ++total_;
    most_ = std::max(most_, value);
  }
  void clear() {
    std::ranges::fill(counts_, 0);
    total_ = 0;
    most_ = {};
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::chrono::nanoseconds most() const { return most_; }
  // The upper end of the bucket that holds this share of all; 0 when there is nothing.
  [[nodiscard]] std::chrono::nanoseconds at(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted || (seen == total_ && seen != 0)) {
        return std::min(most_, std::chrono::nanoseconds{upper_end(i)});
      }
    }
    return {};
  }
  [[nodiscard]] double ms(double share) const {
    return std::chrono::duration<double, std::milli>{at(share)}.count();
  }

 private:
  static constexpr unsigned kBits = 6;  // below the highest one

  static std::size_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    if (width <= kBits + 1) return value;
    const unsigned shift = width - kBits - 1;
    return (std::size_t{shift} << kBits) + (value >> shift);
  }
  static std::int64_t upper_end(std::size_t bucket) {
    if (bucket < (std::size_t{2} << kBits)) return static_cast<std::int64_t>(bucket);
    const std::size_t shift = (bucket >> kBits) - 1;
    const std::uint64_t first = (bucket & ((1U << kBits) - 1)) + (1U << kBits);
    return static_cast<std::int64_t>(((first + 1) << shift) - 1);
  }

  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(std::size_t{64} << kBits);
  std::uint64_t total_{0};
  std::chrono::nanoseconds most_{};
};

}  // namespace chatd::bench
