// SPDX-License-Identifier: GPL-3.0-or-later
// terminal.hpp — the event loop of uchat's terminal process, with the input line and the dialogue.
//
// Runs in:   the process that the shell started. Ctrl-Z stops this process only, see session.hpp.
// Borrows:   the session process, and the dialogue.
#pragma once

#include "client/session/session_process.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/terminal/history_file.hpp"

namespace chatd::client {

// Runs until the dialogue has ended, and prints the reason. Typed lines are kept in `history`.
[[nodiscard]] Outcome run_terminal(SessionProcess& session, Dialogue& dialogue,
                                   const HistoryFile& history);

}  // namespace chatd::client
