// SPDX-License-Identifier: GPL-3.0-or-later
// start_values.hpp — values with which a gateway begins.
//
// Runs in:   gateway. Private to gateway.cpp.
#pragma once

#include <sys/random.h>

#include <cstdint>
#include <vector>

#include "daemon/gateway/gateway.hpp"

namespace chatd::gateway {

inline std::uint64_t random_key() {
  std::uint64_t key = 0;
  // Cannot fail for so few bytes once the system has booted (getrandom(2)).
  [[maybe_unused]] const ssize_t got = ::getrandom(&key, sizeof key, 0);
  return key;
}

inline std::vector<int> descriptors(const std::vector<BoundSocket>& sockets) {
  std::vector<int> fds;
  for (const auto& socket : sockets) fds.push_back(socket.fd);
  return fds;
}

}  // namespace chatd::gateway
