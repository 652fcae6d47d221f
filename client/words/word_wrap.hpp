// SPDX-License-Identifier: GPL-3.0-or-later
// word_wrap.hpp — divides a line that is longer than the window is wide, between two words.
//
// Runs in:   uchat. Pure.
// Invariant: no row is wider than the window, but for a word that does not fit into any row: this
//            one the terminal divides. The text without the added line breaks and indents is the
//            same, but for blanks at the line breaks. The time grows with the length of the line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::client {

// Narrower windows show lines as they are: a row would have one or two words.
inline constexpr std::size_t kMinWrappedColumns = 20;

// `line` with line breaks, on a window of `columns` columns. It is a safe text (text.hpp) without
// '\n', in which the caller may have put colours ("\x1b[1m").
//
// The rows behind the first one begin with `indent` blanks, at most half of the window. A word that
// is wider than what the indent leaves, but not wider than the window, gets a smaller indent, so
// that it is not divided: a fingerprint, an address. A line is also divided beside a character that
// is two columns wide, as Chinese is, but not before a closing mark and not behind an opening one.
[[nodiscard]] std::string wrapped(std::string_view line, std::size_t columns, std::size_t indent);

}  // namespace chatd::client
