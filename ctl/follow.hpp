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

struct FollowOptions {
  bool json{false};
  std::chrono::milliseconds timeout;  // between two answers
};
[[nodiscard]] std::expected<void, wire::ControlError> follow(const std::string& socket,
                                                             const FollowOptions& options);

// The lines of one answer, for people or as JSON.
[[nodiscard]] std::string event_lines(const wire::EventsReport& report, bool json);

}  // namespace chatd::ctl
