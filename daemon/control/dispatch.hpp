// SPDX-License-Identifier: GPL-3.0-or-later
// dispatch.hpp — answers one request: checks it against the table of verbs, runs its handler,
// and logs the caller of a verb that changes something.
//
// Runs in:   gateway.
// Owns:      nothing.
// Errors:    are replies.
#pragma once

#include "common/wire/control/control_message.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::control {

// Calls `respond` exactly once; possibly after dispatch() has returned.
void dispatch(const Handlers& handlers, const Caller& caller, const wire::ControlRequest& request,
              Respond respond);

}  // namespace chatd::control
