// SPDX-License-Identifier: GPL-3.0-or-later
// standard_descriptors.hpp — a program that was started without standard input, output or error.
//
// Runs in:   main() of each program, before it opens anything.
// Invariant: afterwards 0, 1 and 2 are taken: no socket becomes somebody's standard output.
#pragma once

namespace chatd {

// Puts /dev/null where nothing is open, the wrong way round: to read from a missing input and
// to write to a missing output fails with EBADF, as it would have without. What is said on a
// missing standard error just goes nowhere.
void open_standard_descriptors() noexcept;

[[nodiscard]] bool is_open_for_writing(int fd) noexcept;

}  // namespace chatd
