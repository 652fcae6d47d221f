// SPDX-License-Identifier: GPL-3.0-or-later
// found_rows.hpp — the servers that a search has found, with what the user's files say of them.
//
// Runs in: uchat, before it forks. Pure.
#pragma once

#include <string>
#include <vector>

#include "client/member/finder.hpp"
#include "client/session/trust.hpp"
#include "client/settings/user_config.hpp"

namespace chatd::client {

struct FoundRow {
  FoundServer server;  // the address under which it is known is the first one
  std::string fingerprint{};
  std::string known{};  // its name in the file of known servers; "": its identity is not known
  std::string alias{};  // in config.toml; "": none
};

// True if a server of the file has this identity.
[[nodiscard]] bool is_known(const std::vector<KnownServers::Known>& known,
                            const crypto::PublicKey& identity);

[[nodiscard]] std::vector<FoundRow> found_rows(const std::vector<FoundServer>& servers,
                                               const std::vector<KnownServers::Known>& known,
                                               const UserConfig& config);

// The server as a target: its alias, its known name, or its first address.
[[nodiscard]] std::string target_text(const FoundRow& row);

}  // namespace chatd::client
