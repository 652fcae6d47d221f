// SPDX-License-Identifier: GPL-3.0-or-later
// readline_text.hpp — the text that the user types, as readline has it.
//
// Runs in:   uchat's terminal process, for its one LineEditor.
#pragma once

#include <string_view>

namespace chatd::client {

// Not entered yet. Valid until the next key.
[[nodiscard]] std::string_view typed_text();
// Overwrites it: it is a password.
void wipe_typed_text();
// Removes it. A line of the history that was changed is again as it was. forget_failures().
void drop_typed_text();
// The user searches in the history.
[[nodiscard]] bool is_searching();
// Call it before readline restores the terminal. Otherwise readline writes a newline then, if a
// command behind an escape sequence has failed: Up at the start of the history.
void forget_failures();

}  // namespace chatd::client
