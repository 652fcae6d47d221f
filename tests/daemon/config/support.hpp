// SPDX-License-Identifier: GPL-3.0-or-later
// support.hpp — a configuration's problems, as the administrator reads them.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"

namespace chatd::config {

inline std::vector<std::string> to_lines(const std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(to_text(problem));
  return lines;
}

// Empty if `toml` is fine.
inline std::vector<std::string> problems_of(std::string_view toml) {
  const auto config = parse(toml, "chatd.toml");
  return config ? std::vector<std::string>{} : to_lines(config.error());
}

// What `toml` gives; the test ends with its problems if it is not fine.
inline Config config_of(std::string_view toml) {
  auto config = parse(toml, "chatd.toml");
  if (config) return *std::move(config);
  std::string all;
  for (const std::string& line : to_lines(config.error())) all += line + "\n";
  throw std::runtime_error{all};
}

}  // namespace chatd::config
