// SPDX-License-Identifier: GPL-3.0-or-later
// run.hpp — chatctl from its command line to its exit status.
//
// Runs in: chatctl.
// Rule:    data on stdout, talk on stderr; with --json the errors, too, are JSON.
#pragma once

#include "ctl/command_line.hpp"
#include "ctl/exit_status.hpp"

namespace chatd::ctl {

[[nodiscard]] ExitStatus run(const CommandLine& command_line);

}  // namespace chatd::ctl
