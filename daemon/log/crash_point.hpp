// SPDX-License-Identifier: GPL-3.0-or-later
// crash_point.hpp — lets a test kill a writer of shared memory after any of its steps.
//
// Runs in: gateway, worker and supervisor code that changes shared memory; a no-op unless the
//          build has CHATD_CRASH_POINTS, which releases never have.
#pragma once

#ifdef CHATD_CRASH_POINTS
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#endif

namespace chatd::logs {

#ifdef CHATD_CRASH_POINTS
// 0: never. n: the n-th crash point that is reached from now on does not return.
inline int crash_countdown = 0;

inline void crash_point() noexcept {
  if (crash_countdown == 0) return;
  --crash_countdown;
  if (crash_countdown == 0) (void)::raise(SIGKILL);
}

// Aborts while the file exists that the environment variable names: a process with a bug that
// shows as soon as the process is ready.
inline void crash_if_asked(const char* variable) noexcept {
  const char* const file = std::getenv(variable);
  if (file != nullptr && ::access(file, F_OK) == 0) std::abort();
}
#else
inline constexpr void crash_point() noexcept {}
inline constexpr void crash_if_asked(const char* /*variable*/) noexcept {}
#endif

}  // namespace chatd::logs
