// SPDX-License-Identifier: GPL-3.0-or-later
// report.hpp — writes results as tables, as JSON, and as columns for gnuplot.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/plan.hpp"
#include "tests/bench/results.hpp"
#include "tests/bench/verdicts.hpp"

namespace chatd::bench {

// The heading of a table, and one line of it.
[[nodiscard]] std::string heading(const Workload& workload);
[[nodiscard]] std::string row(const Workload& workload, std::string_view server,
                              const Figures& figures);
// The medians of each server, with the faults.
[[nodiscard]] std::string table(const Case& about, const Results& results);
[[nodiscard]] std::string table(const std::vector<Verdict>& verdicts);

[[nodiscard]] std::string json(const std::vector<Case>& cases, const Results& results,
                               const std::vector<Verdict>& verdicts);
// A line "WORKLOAD<TAB>SERVER<TAB>cpu_us<TAB>p50<TAB>p99" of medians for each run.
[[nodiscard]] std::string columns(const std::vector<Case>& cases, const Results& results);

}  // namespace chatd::bench
