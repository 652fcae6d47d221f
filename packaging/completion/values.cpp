// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <ranges>

#include "packaging/completion/program.hpp"

namespace chatd::completion {

Values values_of(std::string_view label) {
  if (label.find('|') != std::string_view::npos) {
    Values values{.kind = Kind::words};
    // A word in capitals stands for a value that is not known, as CODE.
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    for (const auto word : std::views::split(label, '|')) {
      if (std::ranges::all_of(word, is_capital)) continue;
      values.words.emplace_back(word.begin(), word.end());
    }
    return values;
  }
  if (label == "FILE" || label == "PATH") return {.kind = Kind::files};
  if (label == "DIR") return {.kind = Kind::directories};
  if (label == "COMMAND") return {.kind = Kind::commands};
  // A literal word, as the first argument of `uchat servers forget`.
  if (!label.empty() && std::ranges::all_of(label, [](char c) { return c >= 'a' && c <= 'z'; })) {
    return {.kind = Kind::words, .words = {std::string{label}}};
  }
  if (label.find("HOST") != std::string_view::npos) return {.kind = Kind::hosts};
  return {};
}

}  // namespace chatd::completion
