// SPDX-License-Identifier: GPL-3.0-or-later
// short_time.hpp — a length of time as a user types it: a number and a unit, as in "30m".
//
// Runs in:   uchat's terminal process. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::client {

// The seconds of "30s", "30m", "2h" or "7d". nullopt: not such a time, 0, or longer than 32 bits of
// seconds.
[[nodiscard]] std::optional<std::uint32_t> seconds_of(std::string_view text);

// "30m": in the largest unit that fits.
[[nodiscard]] std::string as_short_time(std::uint32_t seconds);

}  // namespace chatd::client
