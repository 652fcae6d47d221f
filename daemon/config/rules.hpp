// SPDX-License-Identifier: GPL-3.0-or-later
// rules.hpp — combinations of valid values that are impossible (rules()), or possible and
// probably a mistake (advice()).
//
// Runs in:   every process that reads the configuration.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace chatd::config {

// A check of two settings together.
struct Rule {
  std::string_view key;    // the setting that the problem names
  std::string_view other;  // another setting that it depends on; empty: none
  std::optional<std::string> (*broken)(const Config& config);
};

[[nodiscard]] std::span<const Rule> rules();
// The rules whose breach is a warning of warnings() and not an error.
[[nodiscard]] std::span<const Rule> advice();

}  // namespace chatd::config
