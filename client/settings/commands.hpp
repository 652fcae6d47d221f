// SPDX-License-Identifier: GPL-3.0-or-later
// commands.hpp — the commands of uchat, as `send`, and how they are written.
//
// Runs in:   uchat, before it forks. Pure.
// Invariant: kProgramCommands is the only list of them: --help, the modes, and the words that an
//            alias in config.toml cannot be follow it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "client/settings/options.hpp"

namespace chatd::client {

// A command that connects to a server, or lists servers. `help` is none: it has no mode.
struct ProgramCommand {
  enum class Target : std::uint8_t { none, optional, needed };  // optional: there is a default one
  std::string_view word;
  Options::Mode mode;
  Target target;
  std::string_view arguments;  // behind the target
  bool is_limited;             // it ends when it has its answer, or after a time limit
};

inline constexpr std::array kProgramCommands{
    ProgramCommand{"send", Options::Mode::send, ProgramCommand::Target::needed, "TEXT...", true},
    ProgramCommand{"listen", Options::Mode::listen, ProgramCommand::Target::optional, "", false},
    ProgramCommand{"users", Options::Mode::users, ProgramCommand::Target::optional, "", true},
    ProgramCommand{"history", Options::Mode::history, ProgramCommand::Target::optional, "", true},
    ProgramCommand{"own", Options::Mode::own, ProgramCommand::Target::needed,
                   "[add|keys|drop KEY|release|CODE]", true},
    ProgramCommand{"servers", Options::Mode::servers, ProgramCommand::Target::none,
                   "[forget HOST[:PORT]]", false},
    ProgramCommand{"find", Options::Mode::find, ProgramCommand::Target::none, "", false},
};
inline constexpr std::string_view kHelpCommand = "help";

// The row of a mode; null: that of uchat without a command.
[[nodiscard]] const ProgramCommand* row_of_mode(Options::Mode mode);

// True for a command that connects to a server and ends by itself, within a time limit.
[[nodiscard]] bool is_limited(Options::Mode mode);

// The usage of a command, as --help shows it: "uchat send [OPTIONS] TARGET TEXT...".
[[nodiscard]] std::string usage_line(const ProgramCommand& command);

// The same without options, as a message shows it: "uchat send [NAME@]HOST[:PORT] TEXT...".
[[nodiscard]] std::string how_to_write(Options::Mode mode);

}  // namespace chatd::client
