// SPDX-License-Identifier: GPL-3.0-or-later
// field_names.hpp — the names of the members of a JSON object.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace chatd::handover {

// In ascending order.
inline std::vector<std::string> field_names(const nlohmann::json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

}  // namespace chatd::handover
