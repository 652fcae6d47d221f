// SPDX-License-Identifier: GPL-3.0-or-later
// rules.hpp — values that are right one by one: combinations that are impossible (rules()),
// and combinations that are possible and hardly meant (advice()).
//
// Runs in:   whoever reads the configuration.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/config/config.hpp"

namespace chatd::config {

struct Rule {
  std::string_view key;    // what the problem names
  std::string_view other;  // what it also depends on; empty: nothing
  std::optional<std::string> (*broken)(const Config& config);
};

[[nodiscard]] std::span<const Rule> rules();
// A broken one is a warning of warnings() and refuses nothing.
[[nodiscard]] std::span<const Rule> advice();

}  // namespace chatd::config
