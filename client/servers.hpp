// SPDX-License-Identifier: GPL-3.0-or-later
// servers.hpp — `uchat servers`: lists the servers whose keys are known, and forgets one.
//
// Runs in: uchat, without a session process.
#pragma once

#include <string>
#include <vector>

#include "client/session/trust.hpp"
#include "client/settings/options.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// A line for each server: its address, the fingerprint of its key, its aliases. Servers that only
// have an alias come last, with '-' in place of the fingerprint.
[[nodiscard]] std::string servers_text(const std::vector<KnownServers::Known>& known,
                                       const UserConfig& config, wire::Language language);

// The words that a user can type as a server, a line each: aliases, and addresses without the
// default port.
[[nodiscard]] std::string names_text(const std::vector<KnownServers::Known>& known,
                                     const UserConfig& config);

// Carries out the command. Returns the exit status.
[[nodiscard]] int run_servers(const Options& options, wire::Language language);

}  // namespace chatd::client
