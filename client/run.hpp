// SPDX-License-Identifier: GPL-3.0-or-later
// run.hpp — uchat from its options to its exit status: starts the session process, then is the
// terminal process.
//
// Runs in: what the shell started.
#pragma once

#include "client/options.hpp"

namespace chatd::client {

[[nodiscard]] int run(const Options& options);

}  // namespace chatd::client
