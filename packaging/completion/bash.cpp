// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {

namespace {

constexpr std::string_view kBashEngine = R"bash(
# Adds the values of kind $1 that match `cur`, each after `before`, to COMPREPLY. The name of a
# member is text of another user: it must not reach compgen -W, which would execute it.
_@NAME@_offer() {
  local word quoted list=()
  case $1 in
    files) compopt -o default ;;
    directories) compopt -o dirnames ;;
    hosts) #hosts
      while read -r word; do #hosts
        list+=("${cur%"${cur##*@}"}$word") #hosts
      done < <("$program" @HOSTS@ 2>/dev/null) #hosts
      ;; #hosts
    members) #members
      while read -r word _; do #members
        [[ -z $ended && $word == -* ]] || list+=("$word") #members
      done < <("$program" --timeout 1 ${socket:+--socket "$socket"} @LIST@ 2>/dev/null) #members
      ;; #members
    rooms*) #members
      read -ra list <<<"${1#rooms}" #members
      while read -r word _; do #members
        [[ "${1#rooms} " == *" ${word#\#} "* ]] || word=${word#\#} #members
        list+=("$word") #members
      done < <("$program" --timeout 1 ${socket:+--socket "$socket"} @ROOMS@ 2>/dev/null) #members
      ;; #members
    commands) read -ra list <<<"$commands" ;;
    words\ *) read -ra list <<<"${1#words }" ;;
  esac
  for word in "${list[@]}"; do
    printf -v quoted %q "$word"
    if [[ $typed == [\'\"]* ]]; then
      # Inside quotes only values that need no quotes.
      [[ $quoted != "$word" || $word != "${typed:1}"* ]] || COMPREPLY+=("$word")
    elif [[ $word == "$cur"* || $quoted == "$cur"* ]]; then
      COMPREPLY+=("$before$quoted")
    fi
  done
}

# readline replaces only the text after the last of its word breaks.
_@NAME@_trim() {
  local breaks=${COMP_WORDBREAKS//[^=:@]/}
  [[ -n $breaks && $typed != [\'\"]* ]] || return 0
  COMPREPLY=("${COMPREPLY[@]#"${typed%"${typed##*["$breaks"]}"}"}")
}

_@NAME@() {
  local line=${COMP_LINE:0:COMP_POINT} words=() word cur typed='' before=''
  local command='' place=0 pending='' ended='' kind options kinds=()
  local program=$1 socket='' #members
  local program=$1 #hosts
  COMPREPLY=()
  # COMP_WORDS cannot be used: it is split at = and :, too.
  read -ra words <<<"$line"
  if [[ $line != *[[:blank:]] ]]; then
    typed=${words[-1]}
    unset 'words[-1]'
  fi
  for word in "${words[@]:1}"; do
    if [[ -n $pending ]]; then
      [[ $pending != --socket ]] || socket=$word #members
      pending=''
    elif [[ -z $ended && $word == -- ]]; then
      ended=yes
    elif [[ -z $ended && $word == --socket=* ]]; then #members
      socket=${word#*=} #members
    elif [[ -z $ended && $word == -* ]]; then
      ! _@NAME@_value "$word" || pending=$word
    elif [[ -z $command && $place -eq 0 && " $commands " == *" $word "* ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  socket=${socket/#\~\//"$HOME/"} #members
  cur=$typed
  _@NAME@_command "$command"
  if [[ -n $pending ]]; then
    _@NAME@_value "$pending" && _@NAME@_offer "$kind"
  elif [[ -z $ended && $typed == --*=* ]]; then
    before=${typed%%=*}=
    cur=${typed#*=}
    _@NAME@_value "${typed%%=*}" && _@NAME@_offer "$kind"
  elif [[ -z $ended && $typed == -* ]]; then
    _@NAME@_offer "words $options"
  else
    [[ -n $command || $place -gt 0 ]] || _@NAME@_offer commands
    _@NAME@_offer "${kinds[place]:-nothing}"
  fi
  _@NAME@_trim
}
complete -F _@NAME@ @NAME@
)bash";

std::string kind_of(const Values& values) {
  switch (values.kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::words:
      return "'words " + joined(values.words, " ") + "'";
    case Kind::files:
      return "files";
    case Kind::directories:
      return "directories";
    case Kind::hosts:
      return "hosts";
    case Kind::members:
      return "members";
    case Kind::rooms:
      return "'rooms " + joined(values.words, " ") + "'";
    case Kind::commands:
      return "commands";
  }
  return "nothing";
}

std::string bash_row(const Command& command) {
  std::vector<std::string> kinds;
  for (const Argument& argument : command.arguments) kinds.push_back(kind_of(argument.values));
  return fmt::format("    {})\n      options='{}'\n      kinds=({})\n      ;;\n",
                     command.name.empty() ? "*" : command.name,
                     joined(names_of(command.options), " "), joined(kinds, " "));
}

}  // namespace

std::string bash_script(const Program& program) {
  std::string values;
  for (const Option& option : options_with_value(program)) {
    values += fmt::format("    {}) kind={} ;;\n", option.name, kind_of(option.values));
  }
  std::string commands;
  for (const Command& command : program.commands) commands += bash_row(command);
  commands += bash_row(program.bare);

  std::string out = "# bash completion of @NAME@; made from the program's own tables.\n";
  out += "\n# Sets `kind` if option $1 takes the next word as its value; else fails.\n";
  out += "_@NAME@_value() {\n  case $1 in\n" + values + "    *) return 1 ;;\n  esac\n}\n";
  out += "\n# Sets the options of the command $1, and the kinds of its arguments.\n";
  out += "_@NAME@_command() {\n  case $1 in\n" + commands + "  esac\n}\n";
  const std::string engine = replaced(std::string{kBashEngine}, "  COMPREPLY=()\n",
                                      fmt::format("  local commands='{}'\n  COMPREPLY=()\n",
                                                  joined(names_of(program.commands), " ")));
  return filled(out + engine, program);
}

}  // namespace chatd::completion
