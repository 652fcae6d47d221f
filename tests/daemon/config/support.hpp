// SPDX-License-Identifier: GPL-3.0-or-later
// support.hpp — the problems of a configuration as text lines, and the keys of all settings.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/config/settings.hpp"

namespace chatd::config {

inline std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const Setting& setting : settings()) keys.emplace_back(setting.key);
  return keys;
}

inline std::vector<std::string> to_lines(const std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(to_text(problem));
  return lines;
}

// Returns the problems of `toml`, empty if there are none.
inline std::vector<std::string> problems_of(std::string_view toml) {
  const auto config = parse(toml, "chatd.toml");
  return config ? std::vector<std::string>{} : to_lines(config.error());
}

// Returns the Config of `toml`; throws its problems, which end the test.
inline Config config_of(std::string_view toml) {
  auto config = parse(toml, "chatd.toml");
  if (config) return *std::move(config);
  std::string all;
  for (const std::string& line : to_lines(config.error())) all += line + "\n";
  throw std::runtime_error{all};
}

}  // namespace chatd::config
