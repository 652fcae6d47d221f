// SPDX-License-Identifier: GPL-3.0-or-later
// workload.hpp — what is done to a server, and what comes out of one run of it.
//
// Runs in:   benchmarks.
// Invariant: every figure is from one run; nothing is averaged here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tests/bench/server.hpp"

namespace chatd::bench {

struct Workload {
  enum class Kind : std::uint8_t { paced, saturated, joins, memory, idle };
  std::string name;  // "paced-1000"
  Kind kind{};
  std::size_t listeners{1000};
  std::uint32_t rate{50};     // paced: messages a second
  std::uint32_t window{256};  // saturated: messages on the way
  double loss{0};             // of packets, both ways where that can be had
  std::chrono::milliseconds lasts{4000};
};

// Only what its workload is about is set.
struct Figures {
  double cpu_us{};        // of the server, for each delivery, or join
  double server_share{};  // of a core
  double generator_share{};
  double p50_ms{};
  double p99_ms{};
  double p999_ms{};
  double worst_ms{};
  double per_second{};  // deliveries, or joins
  double lost_share{};
  double bytes_each{};   // of memory for each member
  double kernel_each{};  // of these, sockets'
  std::string fault{};   // not empty: the server failed, or did not take part; how
  bool is_void{};        // the generator was too busy: these figures may be its own
};

[[nodiscard]] Figures run(const Workload& workload, const ServerKind& kind);

// The floor: no server at all. `packed`: as many lines in a datagram as fit.
enum class Floor : std::uint8_t { bare, packed, in_runs };
[[nodiscard]] Figures run_floor(const Workload& workload, Floor floor);

}  // namespace chatd::bench
