// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/verbs.hpp"

#include <algorithm>

#include "common/base/nearest.hpp"

namespace chatd::wire {

namespace {

constexpr auto kVerbNames = [] {
  std::array<std::string_view, kVerbs.size()> names;
  std::ranges::transform(kVerbs, names.begin(), &Verb::name);
  return names;
}();

}  // namespace

const Verb* find_verb(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kVerbs, name, &Verb::name);
  return found == kVerbs.end() ? nullptr : found;
}

VerbInWords find_verb(std::span<const std::string> words) {
  if (words.empty()) return {.verb = nullptr, .words = 0};
  if (words.size() > 1) {
    const Verb* const verb = find_verb(words[0] + ' ' + words[1]);
    if (verb != nullptr) return {.verb = verb, .words = 2};
  }
  return {.verb = find_verb(words[0]), .words = 1};
}

std::string_view nearest_verb(std::string_view name) {
  return nearest(name, kVerbNames).value_or(std::string_view{});
}

}  // namespace chatd::wire
