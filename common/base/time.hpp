// SPDX-License-Identifier: GPL-3.0-or-later
// time.hpp — the two clocks, and the text form of a time.
//
// Runs in:   every process. Only a role's event loop reads the clocks; the code below it takes
//            the time as an argument, so that tests control the clock.
// Invariant: MonoTime is CLOCK_MONOTONIC, the same in every process of this machine,
//            so it may be kept in shared memory; it means nothing after a reboot.
#pragma once

#include <chrono>
#include <string>

namespace chatd {

using Micros = std::chrono::microseconds;
using MonoTime = std::chrono::time_point<std::chrono::steady_clock, Micros>;
using WallTime = std::chrono::time_point<std::chrono::system_clock, Micros>;

[[nodiscard]] MonoTime mono_now() noexcept;
[[nodiscard]] WallTime wall_now() noexcept;

// RFC 3339 in UTC with milliseconds: "2026-11-20T23:15:04.250Z".
[[nodiscard]] std::string to_rfc3339(WallTime time);

}  // namespace chatd
