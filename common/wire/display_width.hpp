// SPDX-License-Identifier: GPL-3.0-or-later
// display_width.hpp — how much room a text takes on a terminal.
//
// Runs in: chatctl, uchat.
#pragma once

#include <cstddef>
#include <string_view>

namespace chatd::wire {

// Columns: 2 for a Chinese character, 0 for a combining one. A byte that is not UTF-8
// shows as one replacement character.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

}  // namespace chatd::wire
