// SPDX-License-Identifier: GPL-3.0-or-later
// start_values.hpp — values with which a gateway begins.
//
// Runs in:   gateway. Private to gateway.cpp.
#pragma once

#include <sys/random.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/state/state_view.hpp"

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

inline void log_adoption(std::uint32_t members) {
  if (members == 0) return;
  const std::string count = std::to_string(members);
  log(LogLevel::notice, "took over " + count + " members",
      {{"CHATD_EVENT", "state_adopted"}, {"CHATD_MEMBERS", count}});
}

// The archive saves nothing before: a new memory may still be filled.
inline void name_rows(const state::StateView& state) {
  auto& memory = state.registry_head().memory;
  if (memory.load(std::memory_order_relaxed) == 0) memory.store(random_key() | 1U);
}

}  // namespace chatd::gateway
