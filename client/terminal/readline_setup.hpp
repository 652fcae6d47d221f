// SPDX-License-Identifier: GPL-3.0-or-later
// readline_setup.hpp — prepares readline for the LineEditor, and finds out what the terminal can
// do.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <cstdio>

namespace chatd::client {

// Before any other call of readline. `output`: where readline writes.
void configure_readline(std::FILE* output);

// True on terminals that do not wrap a long line again when the window is resized: its rows stay as
// they were in a wider window, and are cut off in a narrower one.
[[nodiscard]] bool keeps_rows();

// True if the LineEditor can draw the line itself: the terminal understands ECMA-48 sequences, and
// the user has not enabled a setting that only readline can draw.
[[nodiscard]] bool is_plain();

}  // namespace chatd::client
