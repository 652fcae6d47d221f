// SPDX-License-Identifier: GPL-3.0-or-later
// duration.hpp — durations in the text form of the configuration: "90s", "2h30m".
//
// Runs in:   every process that reads or prints the configuration.
// Invariant: parse_duration(to_text(d)) is d, for every d from 0 up.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace chatd::config {

// Reads whole numbers with the units d, h, m, s and ms, the larger unit first, each at most once,
// with nothing between them.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest text of a duration: "0s", "1h", "1m30s", "1s500ms".
[[nodiscard]] std::string to_text(std::chrono::milliseconds duration);

}  // namespace chatd::config
