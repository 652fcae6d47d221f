// SPDX-License-Identifier: GPL-3.0-or-later
// qr_code.hpp — the only door to libqrencode: a text as a QR code for a terminal.
//
// Runs in:   chatctl. Pure.
#pragma once

#include <string>
#include <string_view>

namespace chatd::ctl {

// Two rows of modules in each line, as half blocks, with a light margin of four modules.
// `has_color`: white on black, whatever the colours of the terminal are; else a terminal with a
// dark background is taken for granted. "": the text is too long for a code.
[[nodiscard]] std::string qr_code(std::string_view text, bool has_color);

}  // namespace chatd::ctl
