// SPDX-License-Identifier: GPL-3.0-or-later
// workload.hpp — a load for a server, and the figures of one run of it.
//
// Runs in:   benchmarks.
// Invariant: each figure is from one run, without averages.
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
  std::uint32_t window{256};  // saturated: messages in flight
  std::size_t rooms{0};       // further rooms, in which all messages are sent; 0: the default room
  std::size_t room_members{10};  // of each further room
  double loss{0};                // share of packets; in both directions for datagrams
  std::chrono::milliseconds lasts{4000};
};

// Only the figures of the kind of workload are set.
struct Figures {
  double cpu_us{};        // of the server, for each delivery or join
  double server_share{};  // processor time, as a share of a core
  double generator_share{};
  double p50_ms{};
  double p99_ms{};
  double p999_ms{};
  double worst_ms{};
  double per_second{};  // deliveries or joins
  double lost_share{};
  double bytes_each{};   // memory for each member
  double kernel_each{};  // the part of bytes_each for sockets
  std::string fault{};   // not empty: how the server failed
  bool is_void{};        // the generator was too busy: the figures may be limited by it
};

[[nodiscard]] Figures run(const Workload& workload, const ServerKind& kind);

// The floor: a loop that only sends, without a server. `packed`: as many lines in a datagram as
// fit; `in_runs`: the same, with GSO.
enum class Floor : std::uint8_t { bare, packed, in_runs };
[[nodiscard]] Figures run_floor(const Workload& workload, Floor floor);

}  // namespace chatd::bench
