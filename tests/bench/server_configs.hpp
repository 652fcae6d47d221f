// SPDX-License-Identifier: GPL-3.0-or-later
// server_configs.hpp — how each of the compared servers is configured and called.
//
// Runs in:   benchmarks. Pure.
// Invariant: no server limits how much one member may say, how many come from one address,
//            or how much waits for a slow reader; none writes to the disk or looks up names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

struct PeerCommand {
  std::vector<std::string> argv;
  std::string config;  // of DIRECTORY/config
};

[[nodiscard]] PeerCommand peer_command(std::string_view name, const std::string& directory,
                                       std::uint16_t port);
[[nodiscard]] std::string_view chatd_config();

}  // namespace chatd::bench
