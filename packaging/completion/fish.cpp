// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <fmt/format.h>

#include "packaging/completion/scripts.hpp"

namespace chatd::completion {

namespace {

constexpr std::string_view kFishEngine = R"fish(
# The words before the cursor that are neither options nor their values.
function __@NAME@_words
    set -l words (commandline -opc)
    set -e words[1]
    set -l pending
    for word in $words
        if set -q pending[1]
            set -e pending
            continue
        end
        switch $word
            case @VALUED@
                set pending $word
            case '-*'
            case '*'
                printf '%s\n' $word
        end
    end
end

function __@NAME@_command
    set -l words (__@NAME@_words)
    contains -- "$words[1]" @COMMANDS@
    and printf '%s\n' $words[1]
end

# True if the command is one of these; "" stands for no command.
function __@NAME@_in
    set -l command (__@NAME@_command)
    contains -- "$command" $argv
end

# True if this is argument number $argv[2], counted from 0, of the command $argv[1].
function __@NAME@_at
    set -l words (__@NAME@_words)
    set -l command (__@NAME@_command)
    test -n "$command"
    and set -e words[1]
    test "$command" = "$argv[1]" -a (count $words) -eq $argv[2]
end

function __@NAME@_list #members
    set -l words (commandline -opc) #members
    set -l socket #members
    for at in (seq 2 (count $words)) #members
        switch $words[$at] #members
            case --socket #members
                set socket --socket (string replace -r '^~/' "$HOME/" -- $words[(math $at + 1)]) #members
            case '--socket=*' #members
                set socket $words[$at] #members
        end #members
    end #members
    $words[1] --timeout 1 $socket $argv 2>/dev/null | string replace -r ' .*' '' #members
end #members

function __@NAME@_members #members
    __@NAME@_list @LIST@ #members
end #members

# The rooms, without their '#', except where chatctl needs the '#'. #members
function __@NAME@_rooms #members
    set -l words (string join '|' -- $argv) #members
    __@NAME@_list @ROOMS@ | string replace -r "^#(?!($words)\$)" '' #members
end #members

# The servers that the user knows, with the NAME@ that is typed in front of them. #hosts
function __@NAME@_hosts #hosts
    set -l words (commandline -opc) #hosts
    set -l typed (commandline -ct) #hosts
    set -l name (string match -r '.*@' -- "$typed") #hosts
    for host in ($words[1] @HOSTS@ 2>/dev/null) #hosts
        printf '%s%s\n' "$name" $host #hosts
    end #hosts
end #hosts

complete -c @NAME@ -f
)fish";

std::string fish_quoted(std::string_view text) {
  return "'" + replaced(replaced(std::string{text}, "\\", "\\\\"), "'", "\\'") + "'";
}

// The arguments of `complete` for a room. `words`: the verbs that can stand in its place.
std::string rooms_for(const std::string& words) {
  const std::string blank = words.empty() ? "" : " ";
  return "-f -a " + fish_quoted("(__@NAME@_rooms" + blank + words + ")" + blank + words);
}

// The arguments of `complete` for the values.
std::string values_for(const Values& values, const Program& program) {
  switch (values.kind) {
    case Kind::nothing:
      return "-f";
    case Kind::words:
      return "-f -a " + fish_quoted(joined(values.words, " "));
    case Kind::files:
      return "-F";
    case Kind::directories:
      return "-f -a '(__fish_complete_directories)'";
    case Kind::hosts:
      return "-f -a '(__@NAME@_hosts)'";
    case Kind::members:
      return "-f -a '(__@NAME@_members)'";
    case Kind::rooms:
      return rooms_for(joined(values.words, " "));
    case Kind::commands:
      return "-f -a " + fish_quoted(joined(names_of(program.commands), " "));
  }
  return "-f";
}

// An option, and the commands that take it.
struct Shared {
  Option option;
  std::vector<std::string> commands{};
};

std::vector<Shared> shared_options(const Program& program) {
  std::vector<Shared> all;
  const auto gather = [&all](const Command& command) {
    for (const Option& option : command.options) {
      // An option of another help is another one: the default of --timeout.
      const auto found = std::ranges::find_if(all, [&](const Shared& shared) {
        return shared.option.name == option.name && shared.option.help == option.help;
      });
      Shared& row = found == all.end() ? all.emplace_back(option) : *found;
      row.commands.push_back(command.name.empty() ? "''" : command.name);
    }
  };
  gather(program.bare);
  std::ranges::for_each(program.commands, gather);
  return all;
}

std::string option_row(const Shared& shared, const Program& program) {
  const auto& [option, commands] = shared;
  std::string row = "complete -c @NAME@";
  if (commands.size() <= program.commands.size()) {
    row += fmt::format(" -n \"__@NAME@_in {}\"", joined(commands, " "));
  }
  row += " -l " + option.name.substr(2);
  if (option.takes_next_word()) row += " -r " + values_for(option.values, program);
  return row + " -d " + fish_quoted(option.help) + "\n";
}

std::string argument_rows(const Command& command, const Program& program) {
  std::string rows;
  for (std::size_t place = 0; place < command.arguments.size(); ++place) {
    const Argument& argument = command.arguments[place];
    if (argument.values.kind == Kind::nothing) continue;
    rows += fmt::format("complete -c @NAME@ -n \"__@NAME@_at {} {}\" {}\n",
                        command.name.empty() ? "''" : command.name, place,
                        values_for(argument.values, program));
  }
  return rows;
}

}  // namespace

std::string fish_script(const Program& program) {
  std::string engine = replaced(std::string{kFishEngine}, "@VALUED@",
                                joined(names_of(options_with_value(program)), " "));
  engine = replaced(engine, "@COMMANDS@", joined(names_of(program.commands), " "));
  std::string out = "# fish completion of @NAME@; made from the program's own tables.\n" + engine;
  for (const Shared& shared : shared_options(program)) out += option_row(shared, program);
  for (const Command& command : program.commands) {
    out += fmt::format("complete -c @NAME@ -n \"__@NAME@_at '' 0\" -a {} -d {}\n", command.name,
                       fish_quoted(command.help));
    out += argument_rows(command, program);
  }
  return filled(out + argument_rows(program.bare, program), program);
}

}  // namespace chatd::completion
