// SPDX-License-Identifier: GPL-3.0-or-later
// focus_keys.hpp — the reports of a terminal that its window has got or lost the focus. It sends
// them like keys.
//
// Runs in:   uchat's terminal process, for its one LineEditor.
#pragma once

#include <functional>
#include <string_view>

namespace chatd::client {

// Asks the terminal for these reports, and ends them. A terminal that knows none ignores it.
inline constexpr std::string_view kFocusOn = "\x1b[?1004h";
inline constexpr std::string_view kFocusOff = "\x1b[?1004l";

// Calls `handler` for each report that readline reads from now on. False: the terminal does not
// understand such sequences; it must not be asked for reports.
[[nodiscard]] bool bind_focus_keys(std::function<void(bool has_focus)> handler);

}  // namespace chatd::client
