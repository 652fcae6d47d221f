// SPDX-License-Identifier: GPL-3.0-or-later
// terminal.hpp — the event loop of uchat's terminal process, with the input line and the dialogue.
//
// Runs in:   the process that the shell started. Ctrl-Z stops this process only, see session.hpp.
// Borrows:   the session process.
#pragma once

#include "client/session/session_process.hpp"
#include "client/terminal/dialogue.hpp"

namespace chatd::client {

// Runs until the dialogue has ended, and prints the reason.
[[nodiscard]] Outcome run_terminal(SessionProcess& session, Dialogue& dialogue);

}  // namespace chatd::client
