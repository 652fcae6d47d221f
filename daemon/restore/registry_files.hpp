// SPDX-License-Identifier: GPL-3.0-or-later
// registry_files.hpp — chooses the file that a cold start reads rooms and rules from: registry.db,
// or else registry.json.
//
// Runs in:   the loader. Changes neither file; SQLite may carry the journal of registry.db over.
// Errors:    none; Registry::words says what is wrong, in a sentence for the user.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "daemon/state/loaded.hpp"

namespace chatd::restore {

struct RegistrySettings {
  std::string directory;  // without a symbolic link in its path
  bool is_required{true};
  // How long a lock of another process is waited for.
  std::chrono::milliseconds lock_limit{5000};
  bool without_database{false};  // a process that read it has died
};

struct Registry {
  state::LoadSource source{state::LoadSource::none};
  nlohmann::json document;  // null: there is nothing to restore
  std::size_t damaged{0};   // rows that are no JSON
  std::string words;        // empty: all is well
};
// `alive` is called now and then.
[[nodiscard]] Registry read_registry(const RegistrySettings& settings,
                                     const std::function<void()>& alive);

}  // namespace chatd::restore
