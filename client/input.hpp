// SPDX-License-Identifier: GPL-3.0-or-later
// input.hpp — parses a line that was typed on a terminal.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. kCommands is the one list: parsing, /help, completion and the test of
//            uchat(1) follow it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/roster.hpp"

namespace chatd::client {

struct Input {
  enum class Kind : std::uint8_t {
    nothing,
    say,
    act,
    letter,
    users,
    help,
    quit,
    unknown,     // text: the command
    incomplete,  // text: how the command is used
  };
  Kind kind{};
  std::string name{};  // the receiver of a direct message
  std::string text{};
  friend bool operator==(const Input&, const Input&) = default;
};

struct CommandRow {
  std::string_view name;  // with the slash
  std::string_view usage;
  std::string_view english;
  std::string_view chinese;
};

inline constexpr std::array kCommands{
    CommandRow{"/users", "/users", "list who is in the room", "列出聊天室成员"},
    CommandRow{"/me", "/me TEXT", "say what you do", "描述自己的动作"},
    CommandRow{"/msg", "/msg NAME TEXT", "write to one member only", "只发给一个人"},
    CommandRow{"/quit", "/quit", "leave; so does the word quit alone",
               "退出；单独输入 quit 也可以"},
    CommandRow{"/help", "/help", "list the commands", "列出命令"},
};

// The text has no visible character.
[[nodiscard]] bool is_blank(std::string_view text);

// Parses one line. "//" at its beginning stands for a text that begins with a slash.
[[nodiscard]] Input parse_input(std::string_view line);

// The completions of `word`, which stands behind `before`.
[[nodiscard]] std::vector<std::string> completions(std::string_view before, std::string_view word,
                                                   const Roster& roster);

}  // namespace chatd::client
