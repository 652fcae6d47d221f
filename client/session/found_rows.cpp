// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/found_rows.hpp"

#include <algorithm>

#include "common/crypto/keys.hpp"

namespace chatd::client {

namespace {

bool has_identity(const KnownServers::Known& one, const crypto::PublicKey& identity) {
  // Without a serial the line has the server's key of an earlier version, which is no identity.
  return one.entry.serial && one.entry.key == identity;
}

bool is_at(const FoundServer& server, const std::string& name) {
  return std::ranges::any_of(server.addresses,
                             [&](const Endpoint& address) { return to_text(address) == name; });
}

// The name under which the identity is known: an address at which the server was found, or else the
// first one of the file. "": none.
std::string known_name(const FoundServer& server, const std::vector<KnownServers::Known>& known) {
  std::string name;
  for (const KnownServers::Known& one : known) {
    if (!has_identity(one, server.identity)) continue;
    if (is_at(server, one.server)) return one.server;
    if (name.empty()) name = one.server;
  }
  return name;
}

std::string alias_of(const FoundRow& row, const UserConfig& config) {
  for (const UserConfig::Server& one : config.servers) {
    const std::string address = to_text(one.address);
    if (row.known.empty() ? is_at(row.server, address) : address == row.known) return one.alias;
  }
  return {};
}

}  // namespace

bool is_known(const std::vector<KnownServers::Known>& known, const crypto::PublicKey& identity) {
  return std::ranges::any_of(
      known, [&](const KnownServers::Known& one) { return has_identity(one, identity); });
}

std::vector<FoundRow> found_rows(const std::vector<FoundServer>& servers,
                                 const std::vector<KnownServers::Known>& known,
                                 const UserConfig& config) {
  std::vector<FoundRow> rows;
  for (const FoundServer& server : servers) {
    FoundRow row{.server = server,
                 .fingerprint = crypto::fingerprint(server.identity),
                 .known = known_name(server, known)};
    row.alias = alias_of(row, config);
    auto& addresses = row.server.addresses;
    const auto known_one = std::ranges::find_if(
        addresses, [&](const Endpoint& address) { return to_text(address) == row.known; });
    if (known_one != addresses.end()) std::rotate(addresses.begin(), known_one, known_one + 1);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string target_text(const FoundRow& row) {
  if (!row.alias.empty()) return row.alias;
  return row.known.empty() ? to_text(row.server.addresses.front()) : row.known;
}

}  // namespace chatd::client
