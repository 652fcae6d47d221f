// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/help.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace chatd::ctl {

namespace {

std::string phrase(const wire::Verb& verb) {
  return fmt::format("{}{}{}", verb.name, verb.usage.empty() ? "" : " ", verb.usage);
}

// A row of a list: the thing that is explained, and its text in one column with those of the other
// rows. The text begins in the next line if the thing is too long, and is divided at blanks.
std::string row_of(std::string_view what, std::string_view text) {
  constexpr std::size_t kColumn = 23;
  constexpr std::size_t kMaxText = 89 - kColumn;
  std::string out = fmt::format("  {:<20} ", what);
  if (out.size() > kColumn) out = fmt::format("  {}\n{:{}}", what, "", kColumn);
  while (text.size() > kMaxText) {
    const std::size_t blank = text.rfind(' ', kMaxText);
    if (blank == std::string_view::npos) break;
    out += fmt::format("{}\n{:{}}", text.substr(0, blank), "", kColumn);
    text.remove_prefix(blank + 1);
  }
  return out.append(text) + '\n';
}

}  // namespace

const OptionHelp* find_option(std::string_view name) noexcept {
  const auto* const row = std::ranges::find(kOptionHelp, name, &OptionHelp::name);
  return row == kOptionHelp.end() ? nullptr : row;
}

std::string longer_verbs(std::string_view word) {
  std::string all;
  for (const wire::Verb& verb : wire::kVerbs) {
    const bool is_longer =
        verb.name.starts_with(word) && verb.name.substr(word.size()).starts_with(' ');
    if (is_longer) all += fmt::format("{}{}", all.empty() ? "" : ", ", verb.name);
  }
  return all;
}

std::string help_text() {
  std::string out = "usage: chatctl [OPTION...] [VERB [ARGUMENT...]]\n\nVerbs:\n";
  for (const wire::Verb& verb : wire::kVerbs) {
    out += row_of(phrase(verb), verb.help);
  }
  out += "\nWithout a verb: status. Options may stand anywhere:\n";
  for (const OptionHelp& option : kOptionHelp) {
    const std::string_view comma = option.short_name.empty() ? "" : ", ";
    const std::string names = fmt::format("{}{}{}", option.short_name, comma, option.usage);
    out += row_of(names, option.help);
  }
  return out + "\nSee chatctl(1) for the exit status and the JSON.\n";
}

std::string help_text(const wire::Verb& verb) {
  std::string out = usage_line(verb) + "\n" + std::string{verb.help} + "\n";
  verb.for_each_option([&](std::string_view name) {
    const OptionHelp& option = *find_option(name);
    out += fmt::format("With {}: {}\n", option.usage, option.help);
  });
  if (verb.takes_room) {
    out += fmt::format("With {}: {}\n", find_option("--room")->usage, verb.room_help);
  }
  if (verb.watchable) out += "With --watch[=SECONDS]: Again and again.\n";
  if (verb.privileged) out += "Only root and the daemon's user may use it.\n";
  if (verb.mutating) out += "The daemon logs who asked for it.\n";
  if (const std::string longer = longer_verbs(verb.name); !longer.empty()) {
    out += "See also: " + longer + ".\n";
  }
  return out;
}

std::string usage_line(const wire::Verb& verb) {
  std::string line = "usage: chatctl " + phrase(verb);
  verb.for_each_option(
      [&](std::string_view name) { line += fmt::format(" [{}]", find_option(name)->usage); });
  if (verb.takes_room) line += fmt::format(" [{}]", find_option("--room")->usage);
  return line;
}

}  // namespace chatd::ctl
