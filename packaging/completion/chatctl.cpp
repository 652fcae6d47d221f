// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <sstream>

#include "common/wire/control/verbs.hpp"
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

// The options that go with a verb.
std::vector<Option> options_of(bool is_watchable, bool takes_room) {
  std::vector<Option> options;
  for (const ctl::OptionHelp& row : ctl::kOptionHelp) {
    if (!is_watchable && row.name() == "--watch") continue;
    if (!takes_room && row.name() == "--room") continue;
    options.push_back(option_of(row));
  }
  return options;
}

// The arguments of a usage like "NAME [REASON]". NAME is always the name of a member, ROOM that of
// a room.
std::vector<Argument> arguments_of(std::string_view usage) {
  std::vector<Argument> arguments;
  std::istringstream words{std::string{usage}};
  for (std::string word; words >> word;) {
    std::erase_if(word, [](char c) { return c == '[' || c == ']'; });
    Values values = values_of(word);
    if (word == "NAME") values.kind = Kind::members;
    if (word == "ROOM") values.kind = Kind::rooms;
    if (word == "VERB") values.kind = Kind::commands;
    arguments.push_back({.label = word, .values = std::move(values)});
  }
  return arguments;
}

// `room make ROOM` is the command `room` with the argument `make`: it joins the row of `room ROOM`,
// which stands in front of it.
void add_second_word(Command& command, std::string_view word, std::string_view usage) {
  command.arguments.at(0).values.words.emplace_back(word);
  if (command.arguments.size() > 1) return;
  const auto behind = arguments_of(usage);
  command.arguments.insert(command.arguments.end(), behind.begin(), behind.end());
}

}  // namespace

Program chatctl_program() {
  Program program{
      .name = "chatctl",
      .bare = {.name = "", .help = "", .options = options_of(true, true), .arguments = {}},
      .commands = {},
      .list_members = "users --no-legend",
      .list_rooms = "rooms --no-legend"};
  for (const wire::Verb& verb : wire::kVerbs) {
    if (const auto blank = verb.name.find(' '); blank != std::string_view::npos) {
      add_second_word(program.commands.back(), verb.name.substr(blank + 1), verb.usage);
      continue;
    }
    program.commands.push_back({.name = std::string{verb.name},
                                .help = std::string{verb.help},
                                .options = options_of(verb.watchable, verb.takes_room),
                                .arguments = arguments_of(verb.usage)});
  }
  return program;
}

}  // namespace chatd::completion
