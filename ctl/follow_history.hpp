// SPDX-License-Identifier: GPL-3.0-or-later
// follow_history.hpp — `chatctl history --follow`: prints the lines of a room as they are stored.
//
// Runs in:   chatctl.
// Invariant: each line is printed once. When the archive or the gateway is replaced, the next ones
//            go on behind the last line.
// Errors:    a ControlError, if nobody answers for the timeout.
#pragma once

#include <expected>
#include <string>

#include "common/wire/control/control_message.hpp"
#include "ctl/follow.hpp"

namespace chatd::ctl {

// Ends by a signal, or when the reader of standard output has gone.
[[nodiscard]] std::expected<void, wire::ControlError> follow_history(
    const std::string& socket, const wire::ControlRequest& request, const FollowOptions& options);

}  // namespace chatd::ctl
