// SPDX-License-Identifier: GPL-3.0-or-later
// eventually.hpp — waits for a condition, with a limit that no healthy machine meets.
//
// Runs in:   test programs.
#pragma once

#include <poll.h>

#include <chrono>

namespace chatd::test {

// Sanitized programs on a busy machine are slow; whoever waits for what comes waits in vain
// only when a test fails.
inline constexpr std::chrono::seconds kGenerous{30};
inline constexpr int kBetweenLooks = 2;  // milliseconds

// False when `condition` has not come true in time.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds limit = kGenerous) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::poll(nullptr, 0, kBetweenLooks);
  }
  return true;
}

}  // namespace chatd::test
