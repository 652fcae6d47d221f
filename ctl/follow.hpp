// SPDX-License-Identifier: GPL-3.0-or-later
// follow.hpp — `chatctl events`: prints each event of the daemon, until it is gone.
//
// Runs in:   chatctl.
// Invariant: a gateway that is replaced does not end it: the next one is asked again, for as long
//            as the timeout allows.
// Errors:    the ControlError that ended it; none when the reader of standard output has gone.
#pragma once

#include <chrono>
#include <expected>
#include <string>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/event_reports.hpp"
#include "ctl/client.hpp"

namespace chatd::ctl {

// For follow_history.hpp, too. The daemon answers a follower, or sends it a blank line, after 5 s
// at the latest.
inline constexpr std::chrono::milliseconds kShortestTimeout{10'000};
inline constexpr std::chrono::milliseconds kBetweenAttempts{200};
// True for errors while a process is replaced, and while too many others follow the new one.
[[nodiscard]] bool may_end_soon(const wire::ControlError& error);
// Waits. False: standard output has no reader any more.
[[nodiscard]] bool has_reader_after(std::chrono::milliseconds pause);

struct FollowOptions {
  bool json{false};
  std::chrono::milliseconds timeout;  // between two answers
};
[[nodiscard]] std::expected<void, wire::ControlError> follow(const std::string& socket,
                                                             const FollowOptions& options);

// The lines of one answer, for people or as JSON.
[[nodiscard]] std::string event_lines(const wire::EventsReport& report, bool json);

}  // namespace chatd::ctl
