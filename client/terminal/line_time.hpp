// SPDX-License-Identifier: GPL-3.0-or-later
// line_time.hpp — the date and time of a line that is shown again, or written to a file.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <string>

#include "common/base/time.hpp"

namespace chatd::client {

// "2026-11-20 23:15:04", in local time. Of a time that is not possible "---------- --:--:--".
[[nodiscard]] std::string date_and_time(WallTime time);

}  // namespace chatd::client
