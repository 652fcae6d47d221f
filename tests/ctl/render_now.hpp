// SPDX-License-Identifier: GPL-3.0-or-later
// render_now.hpp — the time at which the tests of render_*.cpp show a report.
//
// Runs in:   test programs.
#pragma once

#include "common/base/time.hpp"

namespace chatd::ctl {

inline const WallTime kNow{std::chrono::hours{500'000}};  // 2027-01-15T08:00Z

}  // namespace chatd::ctl
