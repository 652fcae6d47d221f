// SPDX-License-Identifier: GPL-3.0-or-later
// report.hpp — results as tables for people, JSON for programs, and columns for gnuplot.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/plan.hpp"
#include "tests/bench/results.hpp"
#include "tests/bench/verdicts.hpp"

namespace chatd::bench {

// One line; the heading it stands under.
[[nodiscard]] std::string heading(const Workload& workload);
[[nodiscard]] std::string row(const Workload& workload, std::string_view server,
                              const Figures& figures);
// The medians, with the faults.
[[nodiscard]] std::string table(const Case& about, const Results& results);
[[nodiscard]] std::string table(const std::vector<Verdict>& verdicts);

[[nodiscard]] std::string json(const std::vector<Case>& cases, const Results& results,
                               const std::vector<Verdict>& verdicts);
// "WORKLOAD<TAB>SERVER<TAB>cpu_us<TAB>p50<TAB>p99": the medians.
[[nodiscard]] std::string columns(const std::vector<Case>& cases, const Results& results);

}  // namespace chatd::bench
