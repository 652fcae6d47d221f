// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/limits.hpp"

#include <algorithm>

namespace chatd::http {

// At most `connections` of them: cheaper than a second table that has to agree with this one.
bool Connections::has_place(const IpAddress& network) const {
  const auto of_network = std::ranges::count_if(connections_, [&](const auto& one) {
    return one.second.is_counted && one.second.network == network;
  });
  return static_cast<std::size_t>(of_network) < limits_.per_network;
}

std::optional<Connections::Id> Connections::add(const IpAddress& peer, bool is_counted,
                                                MonoTime now) {
  const IpAddress network = network_of(peer);
  if (is_counted && !has_place(network)) return std::nullopt;
  const Id id = next_++;
  connections_.emplace(id, Connection{.network = network, .is_counted = is_counted, .since = now});
  return id;
}

void Connections::answer(Id id, MonoTime now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  found->second.is_answered = true;
  found->second.since = now;
}

bool Connections::count_for(Id id, const IpAddress& client) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return true;
  const IpAddress network = network_of(client);
  if (!has_place(network)) return false;
  found->second.network = network;
  found->second.is_counted = true;
  return true;
}

void Connections::remove(Id id) { connections_.erase(id); }

std::vector<Connections::Id> Connections::late(MonoTime now) const {
  const Micros request = is_full() ? limits_.request_if_full : limits_.request;
  std::vector<Id> ids;
  for (const auto& [id, one] : connections_) {
    const Micros limit = one.is_answered ? Micros{limits_.response} : request;
    if (now - one.since >= limit) ids.push_back(id);
  }
  return ids;
}

}  // namespace chatd::http
