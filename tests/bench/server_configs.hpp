// SPDX-License-Identifier: GPL-3.0-or-later
// server_configs.hpp — the command line and the configuration of each compared server.
//
// Runs in:   benchmarks. Pure.
// Invariant: no server limits the rate of a member, the sessions of an address or the backlog of a
//            slow reader; none looks up names, and none but chatd writes to the disk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

struct PeerCommand {
  std::vector<std::string> argv;
  std::string config;  // contents of DIRECTORY/config
};

[[nodiscard]] PeerCommand peer_command(std::string_view name, const std::string& directory,
                                       std::uint16_t port);
[[nodiscard]] std::string_view chatd_config();

}  // namespace chatd::bench
