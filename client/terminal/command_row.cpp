// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/command_row.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "client/terminal/input.hpp"
#include "client/words/text.hpp"
#include "common/base/nearest.hpp"

namespace chatd::client {

namespace {

// Of ASCII: a command has no others. "/NUMBER" is no name of a command that is typed.
std::string in_small_letters(std::string_view word) {
  std::string small{word};
  for (char& c : small) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    if (take_word(words) == word) return true;
  }
  return false;
}

}  // namespace

const CommandRow* find_command(std::string_view command) {
  const std::string small = in_small_letters(command);
  const auto is_named = [&](const CommandRow& row) {
    return row.name == command || row.name == small || has_word(row.aliases, small);
  };
  const auto* const row = std::ranges::find_if(kCommands, is_named);
  return row == kCommands.end() ? nullptr : row;
}

// Only names are proposed, and none for a word of one or two letters: it is near to too many.
std::string_view nearest_command(std::string_view wrong) {
  constexpr std::size_t kTooShort = std::string_view{"/xx"}.size();
  if (wrong.size() <= kTooShort) return {};
  std::vector<std::string_view> words;
  for (const CommandRow& row : kCommands) {
    if (row.name != kSelectRoom) words.push_back(row.name.substr(1));
  }
  const auto word = nearest_or_begun(wrong.substr(wrong.starts_with('/') ? 1 : 0), words);
  if (!word) return {};
  return std::ranges::find(kCommands, *word,
                           [](const CommandRow& row) { return row.name.substr(1); })
      ->name;
}

std::string help_of(const CommandRow& row, wire::Language language) {
  const bool chinese = language == wire::Language::zh;
  std::string help{chinese ? row.chinese : row.english};
  if (!row.aliases.empty())
    help += fmt::format(fmt::runtime(chinese ? "（也可用 {}）" : " (also {})"), row.aliases);
  return help;
}

std::string usage_of(const CommandRow& row) {
  std::string usage{row.name};
  if (!row.arguments.empty()) usage.append(" ").append(row.arguments);
  return usage;
}

}  // namespace chatd::client
