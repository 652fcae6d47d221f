// SPDX-License-Identifier: GPL-3.0-or-later
// run.hpp — runs uchat: starts the session process, then works as the terminal process.
//
// Runs in: the process that the shell started.
#pragma once

#include "client/settings/options.hpp"

namespace chatd::client {

// Returns the exit status of the program.
[[nodiscard]] int run(const Options& options);

}  // namespace chatd::client
