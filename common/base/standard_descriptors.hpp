// SPDX-License-Identifier: GPL-3.0-or-later
// standard_descriptors.hpp — for a program that is started without standard input, output or error.
//
// Runs in:   main() of each program, before it opens anything.
// Invariant: afterwards 0, 1 and 2 are open: no socket gets the number of a standard descriptor.
#pragma once

namespace chatd {

// Opens /dev/null for each of 0, 1 and 2 that is closed, in the opposite direction: reading from a
// missing input and writing to a missing output fail with EBADF, as without this call. Output to a
// missing standard error is discarded.
void open_standard_descriptors() noexcept;

[[nodiscard]] bool is_open_for_writing(int fd) noexcept;

}  // namespace chatd
