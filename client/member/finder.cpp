// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/finder.hpp"

#include <algorithm>
#include <utility>

namespace chatd::client {

namespace {

void add_address(FoundServer& server, const Endpoint& address) {
  auto& all = server.addresses;
  if (std::ranges::find(all, address) != all.end() || all.size() == Finder::kMaxAddresses) return;
  // IPv4 first: shorter to type.
  const auto first_v6 =
      std::ranges::find_if(all, [](const Endpoint& one) { return !one.address.is_v4(); });
  all.insert(address.address.is_v4() ? first_v6 : all.end(), address);
}

}  // namespace

Finder::Finder(std::uint64_t token, IsKnown is_known)
    : token_{token}, is_known_{std::move(is_known)} {
  wire::ByteWriter out{seek_};
  wire::write_seek(out, {.token = token});
}

void Finder::receive(wire::Bytes datagram, const Endpoint& from) {
  const auto here = wire::read_here(datagram);
  if (!here || here->token != token_ || !is_local(from.address) || from.port == 0) return;
  const auto found = std::ranges::find(servers_, here->identity, &FoundServer::identity);
  if (found != servers_.end()) return add_address(*found, from);
  if (!is_known_(here->identity) && unknown_++ >= kMaxServers) return;
  servers_.push_back({.identity = here->identity,
                      .room = std::string{here->room},
                      .wants_password = here->wants_password,
                      .wants_invitation = here->wants_invitation,
                      .addresses = {from}});
}

}  // namespace chatd::client
