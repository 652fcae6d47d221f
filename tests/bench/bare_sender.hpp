// SPDX-License-Identifier: GPL-3.0-or-later
// bare_sender.hpp — the least that a server could do: a process that sends ready-made
// datagrams to a list of sockets, and nothing else.
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
  std::uint32_t lines_a_round{1};    // for each member
  std::size_t datagram_bytes{1200};  // at most; as many lines as fit
  bool in_runs{false};               // a member's datagrams in one call, cut by the kernel (GSO)
};

// What the process spent in all; meanwhile this one calls `meanwhile` again and again.
[[nodiscard]] Nanos send_bare(const BareLoad& load, const std::function<void()>& meanwhile);

}  // namespace chatd::bench
