// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <sstream>
#include <utility>

#include "common/wire/control/verbs.hpp"
#include "common/wire/native/native_room.hpp"
#include "ctl/help.hpp"

#include "packaging/completion/program.hpp"

namespace chatd::completion {

namespace {

// The option of a usage like "--socket PATH", "--watch[=SECONDS]", "--color=WHEN" or "--json".
Option option_of(const ctl::OptionHelp& row) {
  const std::string usage{row.usage};
  Option option{.name = std::string{row.name()}, .help = std::string{row.help}};
  if (row.value() == ctl::OptionHelp::Value::none) return option;
  option.needs_equals = row.value() == ctl::OptionHelp::Value::optional;
  const auto label = usage.find_first_not_of(" =[", option.name.size());
  option.label = usage.substr(label, usage.find(']', label) - label);
  std::string words{row.words};
  std::ranges::replace(words, ' ', '|');
  option.values = values_of(words.empty() ? option.label : words);
  if (option.label == "ROOM") option.values.kind = Kind::rooms;
  return option;
}

bool takes(const wire::Verb& verb, const ctl::OptionHelp& row) {
  if (row.name() == "--watch") return verb.watchable;
  if (row.name() == "--room") return verb.takes_room;
  return !row.is_of_verb || verb.has_option(row.name());
}

// The options of a verb; null: all options.
std::vector<Option> options_of(const wire::Verb* verb) {
  std::vector<Option> options;
  for (const ctl::OptionHelp& row : ctl::kOptionHelp) {
    if (verb == nullptr || takes(*verb, row)) options.push_back(option_of(row));
  }
  return options;
}

// The properties of `room set`: the topic, and those of the protocol's table.
Values properties() {
  Values values{.kind = Kind::words, .words = {"topic"}};
  for (const wire::RoomProperty property : wire::kSetProperties) {
    values.words.emplace_back(name_of(property));
  }
  return values;
}

// The arguments of a usage like "NAME [REASON]". NAME and TARGET are mostly the name of a member,
// ROOM is that of a room.
std::vector<Argument> arguments_of(std::string_view usage) {
  std::vector<Argument> arguments;
  std::istringstream words{std::string{usage}};
  for (std::string word; words >> word;) {
    std::erase_if(word, [](char c) { return c == '[' || c == ']'; });
    Values values = values_of(word);
    if (word == "NAME" || word == "TARGET") values.kind = Kind::members;
    if (word == "PROPERTY") values = properties();
    if (word == "VALUE") values = values_of("yes|no");
    if (word == "ROOM") values.kind = Kind::rooms;
    if (word == "VERB") values.kind = Kind::commands;
    arguments.push_back({.label = word, .values = std::move(values)});
  }
  return arguments;
}

// The row of the first word of a verb with two. If there is no verb of this name alone, it has the
// help of the first one with two.
Command& command_of(Program& program, std::string_view name, const wire::Verb& verb) {
  const auto found = std::ranges::find(program.commands, name, &Command::name);
  if (found != program.commands.end()) return *found;
  program.commands.push_back({.name = std::string{name},
                              .help = std::string{verb.help},
                              .options = options_of(&verb),
                              .arguments = {}});
  return program.commands.back();
}

// `room make ROOM` is the command `room` with the argument `make`: it joins the row of `room ROOM`,
// if there is one. If several verbs have an argument at one place, the values are those of the
// first verb that has values there.
void add_second_word(Command& command, std::string_view word, const wire::Verb& verb) {
  if (command.arguments.empty())
    command.arguments.push_back({.label = "COMMAND", .values = {.kind = Kind::words, .words = {}}});
  command.arguments.front().values.words.emplace_back(word);
  std::size_t at = 1;
  for (Argument& argument : arguments_of(verb.usage)) {
    if (at == command.arguments.size()) {
      command.arguments.push_back(std::move(argument));
    } else if (command.arguments[at].values.kind == Kind::nothing) {
      command.arguments[at] = std::move(argument);
    }
    ++at;
  }
  for (Option& option : options_of(&verb)) {
    const bool is_there =
        std::ranges::find(command.options, option.name, &Option::name) != command.options.end();
    if (!is_there) command.options.push_back(std::move(option));
  }
}

}  // namespace

Program chatctl_program() {
  Program program{.name = "chatctl",
                  .bare = {.name = "", .help = "", .options = options_of(nullptr), .arguments = {}},
                  .commands = {},
                  .list_members = "users --no-legend",
                  .list_rooms = "rooms --no-legend"};
  for (const wire::Verb& verb : wire::kVerbs) {
    if (const auto blank = verb.name.find(' '); blank != std::string_view::npos) {
      add_second_word(command_of(program, verb.name.substr(0, blank), verb),
                      verb.name.substr(blank + 1), verb);
      continue;
    }
    program.commands.push_back({.name = std::string{verb.name},
                                .help = std::string{verb.help},
                                .options = options_of(&verb),
                                .arguments = arguments_of(verb.usage)});
  }
  return program;
}

}  // namespace chatd::completion
