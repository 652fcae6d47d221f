// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/input.hpp"

#include <algorithm>

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

Input incomplete(std::string_view command) {
  const auto* const row = std::ranges::find(kCommands, command, &CommandRow::name);
  return {.kind = Input::Kind::incomplete, .name = {}, .text = std::string{row->usage}};
}

Input parse_command(std::string_view line) {
  using Kind = Input::Kind;
  const std::string_view command = take_word(line);
  if (command == "/users") return {.kind = Kind::users};
  if (command == "/help") return {.kind = Kind::help};
  if (command == "/quit") return {.kind = Kind::quit};
  if (command == "/me") {
    return line.empty() ? incomplete(command)
                        : Input{.kind = Kind::act, .name = {}, .text = std::string{line}};
  }
  if (command == "/msg") {
    const std::string_view name = take_word(line);
    if (line.empty()) return incomplete(command);
    return {.kind = Kind::letter, .name = std::string{name}, .text = std::string{line}};
  }
  return {.kind = Kind::unknown, .name = {}, .text = std::string{command}};
}

}  // namespace

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Input parse_input(std::string_view line) {
  const std::string_view trimmed = trim(line);
  if (trimmed.empty()) return {};
  if (trimmed == "quit") return {.kind = Input::Kind::quit};
  if (trimmed.starts_with("//")) {
    return {.kind = Input::Kind::say, .name = {}, .text = std::string{trimmed.substr(1)}};
  }
  if (trimmed.starts_with('/')) return parse_command(trimmed);
  return {.kind = Input::Kind::say, .name = {}, .text = std::string{trimmed}};
}

std::vector<std::string> completions(std::string_view before, std::string_view word,
                                     const Roster& roster) {
  std::vector<std::string> found;
  if (trim(before).empty() && word.starts_with('/')) {
    for (const CommandRow& row : kCommands) {
      if (row.name.starts_with(word)) found.emplace_back(row.name);
    }
    return found;
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
