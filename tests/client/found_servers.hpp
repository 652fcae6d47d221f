// SPDX-License-Identifier: GPL-3.0-or-later
// found_servers.hpp — servers that a search has found, made by a test.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <vector>

#include "client/member/finder.hpp"
#include "tests/support/key.hpp"

namespace chatd::client {

inline FoundServer found(int seed, const std::vector<std::string>& addresses,
                         std::string room = {}) {
  FoundServer server{.identity = test::key(seed), .room = std::move(room)};
  for (const std::string& address : addresses) {
    server.addresses.push_back(parse_endpoint(address).value());
  }
  return server;
}

}  // namespace chatd::client
