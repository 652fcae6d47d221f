// SPDX-License-Identifier: GPL-3.0-or-later
// input.hpp — parses a line that was typed on a terminal.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. kCommands is the one list: parsing, /help, completion and the test of
//            uchat(1) follow it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "client/session/message.hpp"
#include "client/terminal/roster.hpp"

namespace chatd::client {

// Show the list of commands.
struct Help {
  friend bool operator==(const Help&, const Help&) = default;
};
// A line that begins with a slash, but with no command.
struct Unknown {
  std::string command;
  friend bool operator==(const Unknown&, const Unknown&) = default;
};
// A command without an argument that it needs.
struct Incomplete {
  std::string usage;
  friend bool operator==(const Incomplete&, const Incomplete&) = default;
};
// monostate: a blank line.
using Input =
    std::variant<std::monostate, Say, Act, Direct, AskUsers, Help, Quit, Unknown, Incomplete>;

// The arguments of a command as they were typed; "" if the command has no such argument.
struct Arguments {
  std::string name{};
  std::string text{};
};

// A command that a user types.
struct CommandRow {
  std::string_view name;       // with the slash
  std::string_view arguments;  // NAME: one word; TEXT: the rest of the line; "": none
  std::string_view english;    // its help
  std::string_view chinese;
  Input (*input)(Arguments arguments);
};

inline constexpr std::array kCommands{
    CommandRow{"/users", "", "list who is in the room", "列出聊天室成员",
               [](Arguments /*none*/) -> Input { return AskUsers{}; }},
    CommandRow{"/me", "TEXT", "say what you do", "描述自己的动作",
               [](Arguments typed) -> Input { return Act{std::move(typed.text)}; }},
    CommandRow{"/msg", "NAME TEXT", "write to one member only", "只发给一个人",
               [](Arguments typed) -> Input {
                 return Direct{.name = std::move(typed.name), .text = std::move(typed.text)};
               }},
    CommandRow{"/quit", "", "leave; so does the word quit alone", "退出；单独输入 quit 也可以",
               [](Arguments /*none*/) -> Input { return Quit{}; }},
    CommandRow{"/help", "", "list the commands", "列出命令",
               [](Arguments /*none*/) -> Input { return Help{}; }},
};

// "/msg NAME TEXT"
[[nodiscard]] std::string usage_of(const CommandRow& row);

// Parses one line. "//" at its beginning stands for a text that begins with a slash.
[[nodiscard]] Input parse_input(std::string_view line);

// The line that a user types to send this message.
[[nodiscard]] std::string as_typed(const Message& message);

// The completions of `word`, which stands behind `before`.
[[nodiscard]] std::vector<std::string> completions(std::string_view before, std::string_view word,
                                                   const Roster& roster);

}  // namespace chatd::client
