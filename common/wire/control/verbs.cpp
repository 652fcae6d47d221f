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

std::string_view nearest_verb(std::string_view name) {
  return nearest(name, kVerbNames).value_or(std::string_view{});
}

}  // namespace chatd::wire
