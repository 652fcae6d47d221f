// SPDX-License-Identifier: GPL-3.0-or-later
// help_output.hpp — prints the text of --help.
//
// Runs in: uchat, before it forks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::client {

// The column at which the descriptions of options and commands begin; as of CLI11.
inline constexpr std::size_t kHelpColumn = 30;

// The text with line breaks between words, for a window of `columns` columns; 0: no window, the
// text itself. The rows of a description stand below each other.
[[nodiscard]] std::string wrapped_help(std::string_view help, std::size_t columns);

// Prints the text on standard output; on a terminal, in rows that fit into its window.
void print_help(std::string_view help);

}  // namespace chatd::client
