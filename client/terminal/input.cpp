// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/input.hpp"

#include <algorithm>
#include <charconv>

#include "common/base/overloaded.hpp"

namespace chatd::client {

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Removes the first word of `text`, and the blanks behind it, and returns the word.
std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

bool is_about_a_room(std::string_view command) { return command == "/join" || command == "/leave"; }
bool takes_a_room(const CommandRow& row) {
  return row.name == "/make" || is_about_a_room(row.name);
}

// Reads the arguments that the command needs. An argument that is missing is "".
Input parse_arguments(const CommandRow& row, std::string_view line) {
  Arguments typed;
  for (std::string_view wanted = row.arguments; !wanted.empty();) {
    const std::string_view kind = take_word(wanted);
    const bool is_name = kind != "TEXT";
    std::string& argument = is_name ? typed.name : typed.text;
    argument = is_name ? take_word(line) : line;
    if (argument.empty() && !kind.starts_with('[')) return Incomplete{usage_of(row)};
    if (takes_a_room(row) && room_name(argument).empty() && !argument.empty()) {
      return Incomplete{usage_of(row)};
    }
  }
  return row.input(std::move(typed));
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Input parse_command(std::string_view line) {
  const std::string_view command = take_word(line);
  if (is_number(command.substr(1))) return select_room(command.substr(1));
  const auto* const row = std::ranges::find(kCommands, command, &CommandRow::name);
  if (row == kCommands.end()) return Unknown{std::string{command}};
  return parse_arguments(*row, line);
}

}  // namespace

std::string usage_of(const CommandRow& row) {
  std::string usage{row.name};
  if (!row.arguments.empty()) usage.append(" ").append(row.arguments);
  return usage;
}

Input parse_input(std::string_view line) {
  const std::string_view trimmed = trim(line);
  if (trimmed.empty()) return {};
  if (trimmed == "quit") return Quit{};
  if (trimmed.starts_with("//")) return Say{std::string{trimmed.substr(1)}};
  if (trimmed.starts_with('/')) return parse_command(trimmed);
  return Say{std::string{trimmed}};
}

Input select_room(std::string_view digits) {
  std::size_t number = 0;
  // Of a number that is too large: 0, which no room has.
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return SelectRoom{number};
}

std::string room_name(std::string_view typed) {
  if (typed.starts_with('#')) typed.remove_prefix(1);
  return std::string{typed};
}

std::string as_typed(const Message& message) {
  return std::visit(
      Overloaded{
          [](const Say& say) { return say.text; },
          [](const Act& act) { return "/me " + act.text; },
          [](const Direct& direct) { return "/msg " + direct.name + ' ' + direct.text; },
          [](const MakeRoom& make) { return "/make " + make.name; },
          [](const JoinRoom& join) { return "/join " + join.name; },
          [](const LeaveRoom& leave) { return "/leave " + leave.name; },
      },
      message);
}

std::vector<std::string> completions(std::string_view before, std::string_view word,
                                     const Roster& roster, const RoomBook& rooms) {
  std::vector<std::string> found;
  if (trim(before).empty() && word.starts_with('/')) {
    for (const CommandRow& row : kCommands) {
      if (row.name.starts_with(word) && row.name != kSelectRoom) found.emplace_back(row.name);
    }
    return found;
  }
  if (word.starts_with('#') || is_about_a_room(trim(before))) {
    return rooms.beginning_with(room_name(word));
  }
  const bool at_sign = word.starts_with('@');
  if (at_sign) word.remove_prefix(1);
  found = roster.beginning_with(word);
  for (std::string& name : found) {
    if (at_sign) name.insert(0, "@");
    // The usual way to address a member: "ada: tea?"
    if (before.empty() && !at_sign) name += ':';
  }
  return found;
}

}  // namespace chatd::client
