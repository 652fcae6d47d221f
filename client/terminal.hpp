// SPDX-License-Identifier: GPL-3.0-or-later
// terminal.hpp — uchat's terminal process: the loop around the input line and the dialogue.
//
// Runs in:   what the shell started. Ctrl-Z stops this process only, see session.hpp.
// Borrows:   the session process.
#pragma once

#include "client/dialogue.hpp"
#include "client/session_process.hpp"

namespace chatd::client {

// Until it is over. What there is to say about that has been said.
[[nodiscard]] Outcome run_terminal(SessionProcess& session, Dialogue& dialogue);

}  // namespace chatd::client
