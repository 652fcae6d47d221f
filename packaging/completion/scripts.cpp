// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/completion/scripts.hpp"

#include <algorithm>
#include <sstream>

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
  static constexpr std::string_view kMark = " #members";
  std::string out;
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(kMark)) {
      if (program.list_members.empty()) continue;
      line.resize(line.size() - kMark.size());
    }
    out += line + '\n';
  }
  out = replaced(replaced(out, "@NAME@", program.name), "@LIST@", program.list_members);
  return replaced(out, "@ROOMS@", program.list_rooms);
}

}  // namespace chatd::completion
