// SPDX-License-Identifier: GPL-3.0-or-later
// heartbeat.hpp — the values that a process stores about itself twice a second.
//
// Runs in:   every role.
#pragma once

#include "daemon/state/process_control.hpp"

namespace chatd::roles {

// Counts the heartbeat, and stores the processor time and the memory of this process: under
// ProtectProc= no other process can read these. A value that the system does not tell stays as it
// was.
void beat(state::ProcessControl& control) noexcept;

}  // namespace chatd::roles
