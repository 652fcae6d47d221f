// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {

namespace {

// compadd adds the quotes.
constexpr std::string_view kHosts = R"zsh(
_@NAME@_hosts() {
  local -a names
  names=(${(f)"$($program @HOSTS@ 2>/dev/null)"})
  compset -P '*@'
  compadd -a names
}
)zsh";

// compadd adds the quotes. A room is offered without its '#', except where chatctl needs the '#'.
constexpr std::string_view kMembers = R"zsh(
_@NAME@_members() {
  local -a names
  names=(${(f)"$($program --timeout 1 ${socket:+--socket=$socket} @LIST@ 2>/dev/null)"})
  names=(${names%% *})
  compadd -a names
}

_@NAME@_rooms() {
  local -a names
  local name
  names=(${(f)"$($program --timeout 1 ${socket:+--socket=$socket} @ROOMS@ 2>/dev/null)"})
  compadd "$@"
  for name in ${${names%% *}#\#}; do
    [[ " $* " != *" $name "* ]] || name="#$name"
    compadd -- $name
  done
}
)zsh";

constexpr std::string_view kMain = R"zsh(
_@NAME@() {
  local curcontext=$curcontext program=${(Q)words[1]} socket state line ret=1
  local -A opt_args
  _arguments -C \
@BARE@    && ret=0
  [[ $state == rest ]] || return ret
  socket=${(Q)opt_args[--socket]} #members
  socket=${socket/#\~\//$HOME/} #members
  case $words[1] in
@COMMANDS@  esac
  return ret
}

_@NAME@ "$@"
)zsh";

std::string zsh_quoted(std::string_view text) {
  return "'" + replaced(std::string{text}, "'", "'\\''") + "'";
}

// Escapes a text for a specification of _arguments.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string action_of(const Values& values) {
  switch (values.kind) {
    case Kind::nothing:
      return " ";
    case Kind::words:
      return "(" + joined(values.words, " ") + ")";
    case Kind::files:
      return "_files";
    case Kind::directories:
      return "_files -/";
    case Kind::hosts:
      return "_@NAME@_hosts";
    case Kind::members:
      return "_@NAME@_members";
    case Kind::rooms:
      return "_@NAME@_rooms" + (values.words.empty() ? "" : " " + joined(values.words, " "));
    case Kind::commands:
      return "_@NAME@_commands";
  }
  return " ";
}

std::string spec_of(const Option& option) {
  std::string spec = option.is_repeatable ? "*" : "";
  spec += option.name;
  if (!option.label.empty()) spec += option.needs_equals ? "=-" : "=";
  spec += "[" + escaped(option.help) + "]";
  if (!option.label.empty()) {
    spec +=
        (option.needs_equals ? "::" : ":") + escaped(option.label) + ":" + action_of(option.values);
  }
  return zsh_quoted(spec);
}

std::string options_of(const Command& command, std::string_view indent) {
  std::string out;
  for (const Option& option : command.options) {
    out += fmt::format("{}{} \\\n", indent, spec_of(option));
  }
  return out;
}

std::string arguments_of(const Command& command) {
  std::string out;
  int place = 0;
  for (const Argument& argument : command.arguments) {
    out += fmt::format("        {} \\\n",
                       zsh_quoted(fmt::format("{}:{}:{}", ++place, escaped(argument.label),
                                              action_of(argument.values))));
  }
  return out;
}

std::string zsh_row(const Command& command) {
  const std::string pattern = command.name.empty() ? "*" : command.name;
  // The first argument of a line without a command is already complete.
  const std::string arguments = command.name.empty() ? "" : arguments_of(command);
  return fmt::format("    {})\n      _arguments \\\n{}{}        && ret=0\n      ;;\n", pattern,
                     options_of(command, "        "), arguments);
}

std::string commands_function(const Program& program) {
  std::string out = "\n_@NAME@_commands() {\n  local -a commands=(\n";
  for (const Command& command : program.commands) {
    out += fmt::format("    {}\n", zsh_quoted(command.name + ":" + escaped(command.help)));
  }
  return out + "  )\n  _describe -t commands command commands\n}\n";
}

// The function for the first word that is not an option: a command or an argument.
std::string first_of(const Program& program) {
  std::string alternatives;
  if (!program.commands.empty()) alternatives += " 'commands:command:_@NAME@_commands'";
  for (const Argument& argument : program.bare.arguments) {
    alternatives += " " + zsh_quoted("arguments:argument:" + action_of(argument.values));
  }
  return "\n_@NAME@_first() {\n  _alternative" + alternatives + "\n}\n";
}

}  // namespace

std::string zsh_script(const Program& program) {
  const bool has_words = !program.commands.empty() || !program.bare.arguments.empty();
  std::string bare = options_of(program.bare, "    ");
  if (has_words) bare += "    '1: :_@NAME@_first' \\\n    '*:: :->rest' \\\n";
  std::string rows;
  for (const Command& command : program.commands) rows += zsh_row(command);
  rows += zsh_row(program.bare);

  std::string out =
      "#compdef @NAME@\n# zsh completion of @NAME@; made from the program's own tables.\n";
  if (!program.commands.empty()) out += commands_function(program);
  if (!program.list_hosts.empty()) out += kHosts;
  if (!program.list_members.empty()) out += kMembers;
  if (has_words) out += first_of(program);
  out += replaced(replaced(std::string{kMain}, "@BARE@", bare), "@COMMANDS@", rows);
  return filled(out, program);
}

}  // namespace chatd::completion
