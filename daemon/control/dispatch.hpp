// SPDX-License-Identifier: GPL-3.0-or-later
// dispatch.hpp — answers one request: checks it against the table of verbs, asks the Host, and
// logs the caller of a verb that changes something.
//
// Runs in:   gateway.
// Owns:      nothing.
// Errors:    are replies.
#pragma once

#include <functional>

#include "common/wire/control_message.hpp"
#include "daemon/control/host.hpp"

namespace chatd::control {

using Respond = std::function<void(const wire::ControlReply&)>;

// Calls `respond` exactly once; only for `reload` possibly after dispatch() has returned.
void dispatch(Host& host, const Caller& caller, const wire::ControlRequest& request,
              Respond respond);

}  // namespace chatd::control
