// SPDX-License-Identifier: GPL-3.0-or-later
// text.hpp — durations, ages, counts and lines as text for people.
//
// Runs in:   chatctl.
// Invariant: pure; the time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/time.hpp"

namespace chatd::ctl {

// "4 s", "3 min", "2 h 5 min", "3 days 4 h": the two largest units; no seconds beside minutes,
// which change too fast to be read.
[[nodiscard]] std::string duration_text(std::chrono::seconds duration);

// "now", "12 s ago", "3 min ago". A time in the future is "now": clocks are set back.
[[nodiscard]] std::string age_text(WallTime then, WallTime now);

// "12345" as "12,345"
[[nodiscard]] std::string number_text(std::uint64_t number);

// "  started    2026-11-29", with a newline. Control characters of the value are escaped.
[[nodiscard]] std::string labelled(std::string_view label, std::string_view value);

// A line of the output, with a newline. Control characters of its text are escaped.
template <class... Args>
[[nodiscard]] std::string line_of(fmt::format_string<Args...> format, Args&&... args) {
  return escape_controls(fmt::format(format, std::forward<Args>(args)...)) + '\n';
}

// "1 member", "3 members"
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view singular);

}  // namespace chatd::ctl
