// SPDX-License-Identifier: GPL-3.0-or-later
// histogram.hpp — counts durations in buckets; the width of a bucket is at most 1/64 of its values.
//
// Runs in:   benchmarks.
// Invariant: add() never allocates and takes the same time for each value, so measuring latencies
//            does not add to them. The idea is from HdrHistogram (Gil Tene).
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
    max_ = std::max(max_, value);
  }
  void clear() {
    std::ranges::fill(counts_, 0);
    total_ = 0;
    max_ = {};
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::chrono::nanoseconds max() const { return max_; }
  // The upper end of the bucket below which this share of all values is; 0 without any value.
  [[nodiscard]] std::chrono::nanoseconds at(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted || (seen == total_ && seen != 0)) {
        return std::min(max_, std::chrono::nanoseconds{upper_end(i)});
      }
    }
    return {};
  }
  [[nodiscard]] double ms(double share) const {
    return std::chrono::duration<double, std::milli>{at(share)}.count();
  }

 private:
  static constexpr unsigned kBits =
      6;  // bits of a value below its highest one that select the bucket

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
  std::chrono::nanoseconds max_{};
};

}  // namespace chatd::bench
