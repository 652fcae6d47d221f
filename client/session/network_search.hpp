// SPDX-License-Identifier: GPL-3.0-or-later
// network_search.hpp — sends the datagram of a Finder to all hosts of the local networks, and gives
// it the answers.
//
// Runs in:   uchat, before it forks.
// Owns:      its sockets, while a search lasts. They are not connected: the answers come from
//            addresses that are not known yet.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "client/member/finder.hpp"
#include "common/base/address.hpp"

namespace chatd::client {

// How long a search waits for answers.
inline constexpr std::chrono::milliseconds kSearchTime{800};

// A random token for a Finder.
[[nodiscard]] std::uint64_t new_search_token();

// All hosts of each network of this machine: the broadcast address of each IPv4 network, and
// ff02::1 on each interface with an IPv6 address. Loopback is left out.
[[nodiscard]] std::vector<Endpoint> all_hosts(std::uint16_t port);

// Sends the datagram of `finder` to `targets`, and twice again, because a broadcast that is lost is
// not repeated by the network. Returns after `time`, or at once, with false, if no datagram could
// be sent: this machine is in no network.
bool search_network(Finder& finder, const std::vector<Endpoint>& targets,
                    std::chrono::milliseconds time);

}  // namespace chatd::client
