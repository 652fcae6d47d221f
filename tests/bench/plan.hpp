// SPDX-License-Identifier: GPL-3.0-or-later
// plan.hpp — which workloads are run, and on which servers.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/workload.hpp"

namespace chatd::bench {

// Beside the servers' names.
inline constexpr std::string_view kBare{"bare sendmmsg"};
inline constexpr std::string_view kBarePacked{"bare packed"};
inline constexpr std::string_view kBareRuns{"bare packed GSO"};

struct Case {
  Workload workload;
  std::vector<std::string_view> servers;  // and floors, in the order of their turns
};

// All of them, or (short) as little as shows that everything works.
[[nodiscard]] std::vector<Case> plan(bool is_short);

}  // namespace chatd::bench
