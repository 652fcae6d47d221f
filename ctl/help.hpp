// SPDX-License-Identifier: GPL-3.0-or-later
// help.hpp — --help and `help VERB`, made from the table of verbs.
//
// Runs in: chatctl.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/wire/verbs.hpp"

namespace chatd::ctl {

struct OptionHelp {
  std::string_view usage;
  std::string_view help;
  std::string_view words{};  // all that the value may be, a blank between; "" = anything
};

inline constexpr std::array kOptionHelp{
    OptionHelp{"--socket PATH", "The daemon's control socket."},
    OptionHelp{"--timeout SECONDS", "How long to wait for an answer (10)."},
    OptionHelp{"--json", "Print JSON, errors too."},
    OptionHelp{"--watch[=SECONDS]", "Repeat status, users or workers (every 2)."},
    OptionHelp{"--no-legend", "No header lines, no counts below lists."},
    OptionHelp{"--color=WHEN", "auto, always or never; NO_COLOR means never.", "auto always never"},
    OptionHelp{"--help", "Show this."},
    OptionHelp{"--version", "Show chatctl's version."},
};

[[nodiscard]] std::string help_text();
[[nodiscard]] std::string help_text(const wire::Verb& verb);

// "usage: chatctl kick NAME [REASON]"
[[nodiscard]] std::string usage_line(const wire::Verb& verb);

}  // namespace chatd::ctl
