// SPDX-License-Identifier: GPL-3.0-or-later
// display_width.hpp — the number of columns that a text takes on a terminal.
//
// Runs in: chatctl, uchat.
#pragma once

#include <cstddef>
#include <string_view>

namespace chatd::wire {

// The sum over the characters: 2 columns for a Chinese character, 0 for a combining mark, 1 for
// most others. A byte that is not UTF-8 takes 1 column: a terminal shows a replacement character.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

}  // namespace chatd::wire
