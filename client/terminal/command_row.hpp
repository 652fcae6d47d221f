// SPDX-License-Identifier: GPL-3.0-or-later
// command_row.hpp — a command that a user types on a terminal, and what a line can mean.
//
// Runs in:   uchat's terminal process.
// See:       input.hpp, which has the list of the commands.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "client/session/message.hpp"
#include "client/terminal/typed_input.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// monostate: a blank line. A command that names no room is about the room that the user writes to.
using Input =
    std::variant<std::monostate, Say, Act, Direct, Reply, AskUsers, MakeRoom, JoinRoom, LeaveRoom,
                 AskRooms, AskAbout, ShowTopic, SetTopic, SetProperty, Moderate, EraseLine,
                 AskPrograms, AskMember, EndProgram, SetAway, Block, TakeDirect, AskBlocks,
                 ChangeName, Ignore, StopIgnoring, SelectRoom, SetQuiet, ShowLast, ShowHistory,
                 OwnOrder, Help, Quit, Unknown, Incomplete>;

// A command that a user types.
struct CommandRow {
  std::string_view name;  // with the slash
  // "": none. The first argument, unless it is a TEXT, is one word: a name, or one of the words
  // between which '|' stands. A TIME is as "30m". Any other argument is the rest of the line.
  // Arguments in a pair of brackets may be left out. A word in small letters is typed as it is.
  std::string_view arguments;
  std::string_view english;  // its help
  std::string_view chinese;
  Input (*input)(Arguments arguments);  // monostate: an argument is not possible
  std::string_view aliases{};           // other names of the command, with blanks between them
  HelpPart part{};                      // the part of /help in which the command is listed
};

// The row of /1, /2 ...; the digits are its argument.
inline constexpr std::string_view kSelectRoom = "/NUMBER";

// The row of a command, also under another name; null: there is no such command.
[[nodiscard]] const CommandRow* find_command(std::string_view command);
// The command that is likely meant by one that does not exist; "": none.
[[nodiscard]] std::string_view nearest_command(std::string_view wrong);
[[nodiscard]] std::string usage_of(const CommandRow& row);  // "/msg NAME TEXT"
// "write to one member only (also /w)"
[[nodiscard]] std::string help_of(const CommandRow& row, wire::Language language);

}  // namespace chatd::client
