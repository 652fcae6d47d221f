// SPDX-License-Identifier: GPL-3.0-or-later
// program.hpp — describes the command line of a program: commands, options and their values.
//
// Runs in:   the generator of the completions, during the build.
// Invariant: made from the tables that the programs read, never by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::completion {

enum class Kind : std::uint8_t {
  nothing,  // no completion: free text
  words,
  files,
  directories,
  hosts,     // servers that the user knows; NAME@ in front is allowed
  members,   // names of the current members
  rooms,     // names of the current rooms, and the words
  commands,  // the commands of the program
};

// The {} allow initializers for some members only: without them g++ warns about the others.
// NOLINTBEGIN(readability-redundant-member-init)
struct Values {
  Kind kind{Kind::nothing};
  std::vector<std::string> words{};
};

struct Option {
  std::string name;  // with dashes
  std::string help;
  std::string label{};       // of the value; "": takes none
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
  std::vector<Option> options;  // all options that it accepts
  std::vector<Argument> arguments;
};

// NOLINTBEGIN(readability-redundant-member-init): as above
struct Program {
  std::string name;
  Command bare;  // without a command
  std::vector<Command> commands{};
  // Arguments that make it print a line for each member or room, with the name first.
  std::string list_members{};
  std::string list_rooms{};
  // Arguments that make it print a server on each line.
  std::string list_hosts{};
};
// NOLINTEND(readability-redundant-member-init)

// The values of a label like FILE, "en|zh" or HOST.
[[nodiscard]] Values values_of(std::string_view label);

[[nodiscard]] Program chatd_program();
[[nodiscard]] Program chatctl_program();
[[nodiscard]] Program chat_program();

}  // namespace chatd::completion
