// SPDX-License-Identifier: GPL-3.0-or-later
// verdicts.hpp — compares the results with the limits that chatd must keep.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/results.hpp"

namespace chatd::bench {

struct Verdict {
  std::string about;
  double value{};
  double bar{};    // the limit
  double reach{};  // the limit for "excellent"
  std::string unit{};
  [[nodiscard]] std::string_view word() const {
    if (value <= reach) return "excellent";
    return value <= bar ? "met" : "MISSED";
  }
};

// A verdict for each limit whose figures were measured.
[[nodiscard]] std::vector<Verdict> verdicts(const Results& results);

}  // namespace chatd::bench
