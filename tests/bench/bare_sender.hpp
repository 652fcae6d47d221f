// SPDX-License-Identifier: GPL-3.0-or-later
// bare_sender.hpp — the least that it takes to send the same to everybody.
//
// Runs in:   benchmarks; the sending in a process of its own, so that its time is known.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "common/base/address.hpp"

namespace chatd::bench {

struct BareLoad {
  std::vector<Endpoint> members;
  std::string line;
  int messages{};
  std::chrono::microseconds between{};
};

// Sends `line` to all members, `messages` times. `meanwhile` is called again and again until
// that is done. Returns the sender's processor time, user and system.
[[nodiscard]] std::chrono::microseconds send_bare(const BareLoad& load,
                                                  const std::function<void()>& meanwhile);

}  // namespace chatd::bench
