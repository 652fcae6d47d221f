// SPDX-License-Identifier: GPL-3.0-or-later
// terminal.hpp — the event loop of uchat's terminal process, with the input line and the dialogue.
//
// Runs in:   the process that the shell started. Ctrl-Z stops this process only, see session.hpp.
// Borrows:   the session process, the dialogue, and the files.
#pragma once

#include "client/session/known_users.hpp"
#include "client/session/session_process.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/terminal/history_file.hpp"
#include "client/terminal/log_file.hpp"

namespace chatd::client {

// Runs until the dialogue has ended, and prints the reason. Typed lines are kept in `history`, the
// users whose messages were shown in `users`. `log` gets the lines of the dialogue; null: there is
// none.
[[nodiscard]] Outcome run_terminal(SessionProcess& session, Dialogue& dialogue,
                                   const HistoryFile& history, const KnownUsers& users,
                                   LogFile* log = nullptr);

}  // namespace chatd::client
