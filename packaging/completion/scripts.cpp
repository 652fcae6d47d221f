// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/completion/scripts.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace chatd::completion {

namespace {

template <class Named>
std::vector<std::string> names(const std::vector<Named>& all) {
  std::vector<std::string> found;
  for (const Named& one : all) found.push_back(one.name);
  return found;
}

}  // namespace

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += between;
    out += word;
  }
  return out;
}

std::vector<std::string> names_of(const std::vector<Command>& commands) { return names(commands); }
std::vector<std::string> names_of(const std::vector<Option>& options) { return names(options); }

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::vector<Option> options_with_value(const Program& program) {
  std::vector<Option> found;
  const auto gather = [&found](const Command& command) {
    for (const Option& option : command.options) {
      const bool known = std::ranges::find(found, option.name, &Option::name) != found.end();
      if (option.takes_next_word() && !known) found.push_back(option);
    }
  };
  gather(program.bare);
  std::ranges::for_each(program.commands, gather);
  return found;
}

std::string filled(std::string_view text, const Program& program) {
  const std::array<std::pair<std::string_view, bool>, 2> marks{
      std::pair{std::string_view{" #members"}, !program.list_members.empty()},
      std::pair{std::string_view{" #hosts"}, !program.list_hosts.empty()}};
  std::string out;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    const auto* const mark =
        std::ranges::find_if(marks, [&line](const auto& one) { return line.ends_with(one.first); });
    if (mark != marks.end()) {
      if (!mark->second) continue;
      line.resize(line.size() - mark->first.size());
    }
    out += line + '\n';
  }
  out = replaced(replaced(out, "@NAME@", program.name), "@LIST@", program.list_members);
  return replaced(replaced(out, "@ROOMS@", program.list_rooms), "@HOSTS@", program.list_hosts);
}

}  // namespace chatd::completion
