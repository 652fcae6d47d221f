// SPDX-License-Identifier: GPL-3.0-or-later
// local_time.hpp — dates and times in the time zone of the user.
//
// Runs in:   both processes of uchat.
#pragma once

#include <string>

#include "common/base/time.hpp"

namespace chatd::client {

[[nodiscard]] std::string clock_of(WallTime time);  // "23:15 "; if it is not possible: "--:-- "
[[nodiscard]] std::string day_of(WallTime time);    // "2026-11-20"; if it is not possible: ""
// "2026-11-20 23:15"; if it is not possible: "---------- --:--".
[[nodiscard]] std::string minute_of(WallTime time);
// "2026-11-20 23:15:04"; if it is not possible: "---------- --:--:--".
[[nodiscard]] std::string date_and_time(WallTime time);

}  // namespace chatd::client
