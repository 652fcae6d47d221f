// SPDX-License-Identifier: GPL-3.0-or-later
// program.hpp — what can stand on a program's command line, as a shell must know it.
//
// Runs in:   the generator of the completions, while chatd is built.
// Invariant: made from the tables that the programs themselves read, never by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::completion {

enum class Kind : std::uint8_t {
  nothing,  // a text that only the user knows
  words,
  files,
  directories,
  hosts,     // NAME@ in front is allowed
  members,   // who is in the room at this moment
  commands,  // the program's own
};

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct Values {
  Kind kind{Kind::nothing};
  std::vector<std::string> words{};
};

struct Option {
  std::string name;  // with its dashes
  std::string help;
  std::string label{};       // of the value; "" = takes none
  bool needs_equals{false};  // the value is optional: only as --watch=SECONDS
  bool is_repeatable{false};
  Values values{};

  [[nodiscard]] bool takes_next_word() const { return !label.empty() && !needs_equals; }
};
// NOLINTEND(readability-redundant-member-init)

struct Argument {
  std::string label;
  Values values{};
};

struct Command {
  std::string name;
  std::string help;
  std::vector<Option> options;  // all that may stand beside it
  std::vector<Argument> arguments;
};

struct Program {
  std::string name;
  Command bare;  // without a command
  std::vector<Command> commands;
  std::string list_members;  // its own arguments that print a member a line, the name first
};

// What a label like FILE, "en|zh" or HOST stands for.
[[nodiscard]] Values values_of(std::string_view label);

[[nodiscard]] Program chatd_program();
[[nodiscard]] Program chatctl_program();
[[nodiscard]] Program chat_program();

}  // namespace chatd::completion
