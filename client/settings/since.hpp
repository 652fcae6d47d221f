// SPDX-License-Identifier: GPL-3.0-or-later
// since.hpp — the value of the option --since: a time, or how long ago it was.
//
// Runs in: uchat, before it forks.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/time.hpp"

namespace chatd::client {

// "10m", "2h", "7d": so long before `now`. "10:30": that time of today. "2026-11-29",
// "2026-11-29T10:00" and "2026-11-29T10:00:30", also with a blank in place of the T: that time in
// the time zone of the user, or in UTC with a Z at the end, or in another zone with its offset, as
// "+08:00".
// nullopt: another form, or a time that does not exist.
[[nodiscard]] std::optional<WallTime> parse_since(std::string_view text, WallTime now);

}  // namespace chatd::client
