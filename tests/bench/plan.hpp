// SPDX-License-Identifier: GPL-3.0-or-later
// plan.hpp — the list of workloads and the servers that each one is run on.
//
// Runs in:   benchmarks. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/workload.hpp"

namespace chatd::bench {

// The floors: names that stand beside those of the servers.
inline constexpr std::string_view kBare{"bare sendmmsg"};
inline constexpr std::string_view kBarePacked{"bare packed"};
inline constexpr std::string_view kBareRuns{"bare packed GSO"};

// The name of the server chatd with members of the native protocol.
inline constexpr std::string_view kChatdNative{"chatd native"};

struct Case {
  Workload workload;
  std::vector<std::string_view> servers;  // and floors, in the order in which they run
};

// All workloads; if `is_short`, a few that test only that everything works.
[[nodiscard]] std::vector<Case> plan(bool is_short);

}  // namespace chatd::bench
