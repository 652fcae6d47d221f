// SPDX-License-Identifier: GPL-3.0-or-later
// run.hpp — runs chatctl: from its command line to its exit status.
//
// Runs in: chatctl.
// Rule:    data goes to stdout, errors go to stderr; with --json errors are JSON, too.
#pragma once

#include "ctl/command_line.hpp"
#include "ctl/exit_status.hpp"

namespace chatd::ctl {

[[nodiscard]] ExitStatus run(const CommandLine& command_line);

}  // namespace chatd::ctl
