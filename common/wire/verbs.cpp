// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/verbs.hpp"

#include <algorithm>
#include <vector>

namespace chatd::wire {

namespace {

// Farther than this, a suggestion would be a guess.
constexpr std::size_t kNearEnough = 2;

// Levenshtein's, with one row of the table.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

const Verb* find_verb(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : found;
}

std::string_view nearest_verb(std::string_view name) {
  std::string_view nearest;
  std::size_t best = kNearEnough + 1;
  for (const Verb& verb : kVerbs) {
    // Also keeps a word of a megabyte from costing a megabyte times ten.
    if (name.size() > verb.name.size() + kNearEnough) continue;
    const std::size_t distance = edit_distance(name, verb.name);
    // At least half of what was typed must be right.
    if (distance >= best || distance * 2 > name.size()) continue;
    best = distance;
    nearest = verb.name;
  }
  return nearest;
}

}  // namespace chatd::wire
