// SPDX-License-Identifier: GPL-3.0-or-later
// usable_cores.hpp — how many processors this process may run on.
//
// Runs in: the supervisor, for the default number of workers.
#pragma once

namespace chatd::sys {

// By the CPU affinity, not by what the machine has: taskset(1), CPUAffinity= and
// containers limit it. At least 1.
[[nodiscard]] unsigned usable_cores() noexcept;

}  // namespace chatd::sys
