// SPDX-License-Identifier: GPL-3.0-or-later
// process_title.hpp — the name that ps, top and /proc/PID/cmdline show for this process.
//
// Runs in:   main() calls init_process_title() first of all; every process may then set
//            its own title, its children start with the one it had.
// Owns:      copies of the arguments and of the environment, for the life of the process:
//            the title is written where the kernel looks for the arguments, over them.
// Invariant: argv and environ stay usable; pointers into the old ones do not: do not
//            keep what getenv() returned before init_process_title().
#pragma once

#include <string_view>

namespace chatd::sys {

void init_process_title(int argc, char** argv);

// ps shows the title, as much as fits into the memory of all arguments and environment variables;
// top shows its first 15 bytes. Before init_process_title() only these are set.
void set_process_title(std::string_view title) noexcept;

}  // namespace chatd::sys
