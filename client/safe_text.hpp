// SPDX-License-Identifier: GPL-3.0-or-later
// safe_text.hpp — makes a text from another program or user safe for the terminal.
//
// Runs in:   both processes of uchat.
// Invariant: for every input the result is UTF-8, one line, and does not move the cursor. chatd
//            cleans the messages of members, but a server can be malicious.
#pragma once

#include <string>
#include <string_view>

namespace chatd::client {

// Control characters show as \xNN, bidi controls as '?', line breaks and tabs as a blank,
// bytes that are not UTF-8 as U+FFFD.
[[nodiscard]] std::string safe_text(std::string_view text);

}  // namespace chatd::client
