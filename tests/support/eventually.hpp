// SPDX-License-Identifier: GPL-3.0-or-later
// eventually.hpp — waits until a condition holds, with a time limit.
//
// Runs in:   test programs.
#pragma once

#include <poll.h>

#include <chrono>

namespace chatd::test {

// The time limit: long, because sanitized programs on a busy machine are slow. A test waits for all
// of it only when it fails.
inline constexpr std::chrono::seconds kGenerous{30};
inline constexpr int kPollInterval = 2;  // milliseconds

// Calls `condition` until it returns true. False if it has not within `limit`.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds limit = kGenerous) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    ::poll(nullptr, 0, kPollInterval);
  }
  return true;
}

}  // namespace chatd::test
