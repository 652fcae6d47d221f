// SPDX-License-Identifier: GPL-3.0-or-later
// crash_point.hpp — lets a test kill a writer of shared memory after any of its steps.
//
// Runs in: gateway and supervisor code that changes shared memory; a no-op unless the
//          build has CHATD_CRASH_POINTS, which releases never have.
#pragma once

#ifdef CHATD_CRASH_POINTS
#include <csignal>
#endif

namespace chatd::state {

#ifdef CHATD_CRASH_POINTS
// 0: never. n: the n-th crash point that is reached from now on does not return.
inline int crash_countdown = 0;

inline void crash_point() noexcept {
  if (crash_countdown > 0 && --crash_countdown == 0) (void)::raise(SIGKILL);
}
#else
inline constexpr void crash_point() noexcept {}
#endif

}  // namespace chatd::state
