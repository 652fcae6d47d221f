// SPDX-License-Identifier: GPL-3.0-or-later
// safe_text.hpp — what comes from elsewhere, made harmless for this terminal.
//
// Runs in:   both processes of uchat.
// Invariant: the result is UTF-8 on one line and moves no cursor, whatever came in: the
//            server cleans what members say, but a server need not be honest.
#pragma once

#include <string>
#include <string_view>

namespace chatd::client {

// Control characters show as \xNN, bidi controls as '?', line breaks and tabs as a blank,
// bytes that are not UTF-8 as U+FFFD.
[[nodiscard]] std::string safe_text(std::string_view text);

}  // namespace chatd::client
