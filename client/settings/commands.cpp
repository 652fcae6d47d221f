// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/commands.hpp"

#include <algorithm>

namespace chatd::client {

const ProgramCommand* row_of_mode(Options::Mode mode) {
  const auto* const row = std::ranges::find(kProgramCommands, mode, &ProgramCommand::mode);
  return row == kProgramCommands.end() ? nullptr : row;
}

bool is_limited(Options::Mode mode) {
  const ProgramCommand* const command = row_of_mode(mode);
  return command != nullptr && command->is_limited;
}

std::string usage_line(const ProgramCommand& command) {
  std::string usage = "uchat ";
  usage.append(command.word).append(" [OPTIONS]");
  if (command.target == ProgramCommand::Target::needed) usage += " TARGET";
  if (command.target == ProgramCommand::Target::optional) usage += " [TARGET]";
  if (!command.arguments.empty()) usage.append(" ").append(command.arguments);
  return usage;
}

std::string how_to_write(Options::Mode mode) {
  if (mode == Options::Mode::servers) return "uchat servers forget HOST[:PORT]";
  const std::string target = "[NAME@]HOST[:PORT]";
  const ProgramCommand* const command = row_of_mode(mode);
  if (command == nullptr) return "uchat " + target;
  std::string text = "uchat ";
  text.append(command->word);
  if (command->target != ProgramCommand::Target::none) text.append(" ").append(target);
  if (!command->arguments.empty()) text.append(" ").append(command->arguments);
  return text;
}

}  // namespace chatd::client
