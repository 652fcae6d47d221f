// SPDX-License-Identifier: GPL-3.0-or-later
// cli_app.cpp — the command lines of chatd and uchat, from the tables of CLI11.
#include <CLI/CLI.hpp>

#include "client/settings/options.hpp"
#include "daemon/options.hpp"

#include "packaging/completion/program.hpp"

namespace chatd::completion {

namespace {

Option option_of(const CLI::Option& declared) {
  Option option{.name = "--" + declared.get_lnames().front(), .help = declared.get_description()};
  if (declared.get_items_expected_max() == 0) return option;  // a flag
  option.label = declared.get_type_name();
  option.is_repeatable = declared.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  option.values = values_of(option.label);
  return option;
}

Command command_of(const CLI::App& app) {
  Command command{
      .name = app.get_name(), .help = app.get_description(), .options = {}, .arguments = {}};
  for (const CLI::Option* declared : app.get_options()) {
    if (!declared->get_positional()) {
      command.options.push_back(option_of(*declared));
    } else {
      const std::string label = declared->get_type_name();
      command.arguments.push_back({.label = label, .values = values_of(label)});
    }
  }
  return command;
}

Program program_of(const CLI::App& app) {
  Program program{
      .name = app.get_name(), .bare = command_of(app), .commands = {}, .list_members = ""};
  program.bare.name.clear();
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    program.commands.push_back(command_of(*command));
  }
  return program;
}

}  // namespace

Program chatd_program() {
  Program program;
  with_command_line([&program](const CLI::App& app) { program = program_of(app); });
  return program;
}

Program chat_program() {
  Program program;
  client::with_command_line([&program](const CLI::App& app) { program = program_of(app); });
  program.list_hosts = "servers --names";
  return program;
}

}  // namespace chatd::completion
