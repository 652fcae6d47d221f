// SPDX-License-Identifier: GPL-3.0-or-later
// bare_sender.hpp — the lower limit for a server's cost: a process that only sends prepared
// datagrams to a list of sockets.
//
// Runs in:   benchmarks.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "common/base/address.hpp"
#include "tests/bench/payload.hpp"

namespace chatd::bench {

struct BareLoad {
  std::vector<Endpoint> members;
  std::uint32_t rounds{};
  Nanos between{};
  std::uint32_t lines_a_round{1};    // to each member
  std::size_t datagram_bytes{1200};  // maximum; a datagram has as many lines as fit
  bool in_runs{false};  // one call for a member's datagrams, segmented by the kernel (GSO)
};

// Returns the processor time of the process. This process calls `meanwhile` until it ends.
[[nodiscard]] Nanos send_bare(const BareLoad& load, const std::function<void()>& meanwhile);

}  // namespace chatd::bench
