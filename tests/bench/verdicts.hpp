// SPDX-License-Identifier: GPL-3.0-or-later
// verdicts.hpp — where the line is, and whether chatd is on its right side.
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
  double bar{};    // at most
  double reach{};  // what would be excellent
  std::string unit{};
  [[nodiscard]] std::string_view word() const {
    if (value <= reach) return "excellent";
    return value <= bar ? "met" : "MISSED";
  }
};

// Of those whose figures are there.
[[nodiscard]] std::vector<Verdict> verdicts(const Results& results);

}  // namespace chatd::bench
