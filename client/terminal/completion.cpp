// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/completion.hpp"

#include <optional>
#include <ranges>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "client/terminal/input.hpp"
#include "client/words/text.hpp"

namespace chatd::client {

namespace {

// "[end NUMBER]": an argument that may be left out with what is behind it. "[on|off]": an argument
// that may be left out.
std::string_view without_bracket(std::string_view argument) {
  if (argument.starts_with('[')) argument.remove_prefix(1);
  if (argument.ends_with(']')) argument.remove_suffix(1);
  return argument;
}

// Names, texts and numbers are written in capitals in the list of commands.
bool has_words(std::string_view argument) {
  const std::string_view first = without_bracket(argument);
  return !first.empty() && first.front() >= 'a' && first.front() <= 'z';
}

// The words, beginning with `beginning`, that the argument behind `before` can be. nullopt: it is a
// name or a text.
std::optional<std::vector<std::string>> words_behind(std::string_view before,
                                                     std::string_view beginning) {
  std::string_view typed = trim(before);
  const std::string_view command = take_word(typed);
  const CommandRow* const row = find_command(command);
  if (row == nullptr) return std::nullopt;
  std::string_view wanted = row->arguments;
  while (!typed.empty()) {
    (void)take_word(typed);
    (void)take_word(wanted);
  }
  const std::string_view kind = take_word(wanted);
  if (!has_words(kind)) return std::nullopt;
  std::vector<std::string> words;
  for (const auto part : std::views::split(without_bracket(kind), '|')) {
    const std::string_view word{part.begin(), part.end()};
    if (!has_words(word)) continue;  // "NUMBER"
    const Input whole = parse_input(fmt::format("{} {}", before, word));
    // The last argument fits those before it: "yes" is no value of slow.
    const bool fits = !wanted.empty() || !std::holds_alternative<Incomplete>(whole);
    if (fits && word.starts_with(beginning)) words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> commands_beginning_with(std::string_view word) {
  std::vector<std::string> found;
  for (const CommandRow& row : kCommands) {
    if (row.name.starts_with(word) && row.name != kSelectRoom) found.emplace_back(row.name);
  }
  return found;
}

}  // namespace

std::vector<std::string> completions(std::string_view before, std::string_view word,
                                     const Roster& roster, const RoomBook& rooms) {
  if (trim(before).empty() && word.starts_with('/')) return commands_beginning_with(word);
  if (auto words = words_behind(before, word)) return *std::move(words);
  if (word.starts_with('#') || is_about_a_room(trim(before))) {
    return rooms.beginning_with(room_name(word));
  }
  if (word.starts_with('~')) word.remove_prefix(1);  // the mark of a text member
  const bool at_sign = word.starts_with('@');
  if (at_sign) word.remove_prefix(1);
  std::vector<std::string> found = roster.beginning_with(word);
  for (std::string& name : found) {
    if (at_sign) name.insert(0, "@");
    // The usual way to address a member: "ada: tea?"
    if (before.empty() && !at_sign) name += ':';
  }
  return found;
}

}  // namespace chatd::client
