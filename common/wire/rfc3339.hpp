// SPDX-License-Identifier: GPL-3.0-or-later
// rfc3339.hpp — reads the times that to_rfc3339() of common/base/time.hpp writes.
//
// Runs in: every process. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/time.hpp"

namespace chatd::wire {

// "2026-11-20T23:15:04.250Z", with any number of digits behind the point or without it, and with Z
// or an offset as "+08:00". Only dates that exist; no leap second.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace chatd::wire
