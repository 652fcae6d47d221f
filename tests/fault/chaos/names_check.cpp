// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/names_check.hpp"

#include <fmt/format.h>

namespace chatd::test {

std::vector<std::string> find_name_violations(const OwnedNames& given, const OwnedNames& found) {
  std::vector<std::string> violations;
  for (const auto& [name, key] : given) {
    const auto place = found.find(name);
    if (place == found.end()) {
      violations.push_back(fmt::format("the name {} has no owner any more", name));
    } else if (place->second != key) {
      violations.push_back(
          fmt::format("the name {} belongs to {}, and not to {}", name, place->second, key));
    }
  }
  for (const auto& [name, key] : found) {
    if (!given.contains(name)) {
      violations.push_back(fmt::format("the name {} belongs to {}, and was not given", name, key));
    }
  }
  return violations;
}

}  // namespace chatd::test
