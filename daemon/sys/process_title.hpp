// SPDX-License-Identifier: GPL-3.0-or-later
// process_title.hpp — what ps, top and /proc/PID/cmdline call this process.
//
// Runs in:   main() calls init_process_title() first of all; every process may then set
//            its own title, its children start with the one it had.
// Owns:      copies of the arguments and of the environment, for the life of the process:
//            the title is written where the kernel looks for the arguments, over them.
// Invariant: argv and environ stay usable; pointers into the old ones do not, so nobody may
//            keep what getenv() returned before init_process_title().
#pragma once

#include <string_view>

namespace chatd::sys {

void init_process_title(int argc, char** argv);

// The whole title goes to ps, as much as fits (the room of all arguments and environment
// variables), and its first 15 bytes to top. Only these before init_process_title().
void set_process_title(std::string_view title) noexcept;

}  // namespace chatd::sys
