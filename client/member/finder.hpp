// SPDX-License-Identifier: GPL-3.0-or-later
// finder.hpp — the search for servers in the local network: the datagram that asks, and the servers
// that have answered.
//
// Runs in:   uchat. Pure: the caller sends and receives the datagrams.
// Owns:      the servers.
// Invariant: an answer proves nothing, so it only says where to try: the handshake proves the
//            identity. Only answers from local networks count, so that a forged one cannot direct
//            clients to a host on the Internet. The numbers of servers and addresses are limited;
//            servers that the user knows have space beyond the limit.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/address.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/native/native_discovery.hpp"

namespace chatd::client {

// A server that has answered. All of it is what the answer claims.
struct FoundServer {
  crypto::PublicKey identity{};
  std::string room{};  // name of the default room, as it was sent; "": not told
  bool wants_password{false};
  bool wants_invitation{false};
  std::vector<Endpoint> addresses{};  // never empty; IPv4 first
};

class Finder {
 public:
  static constexpr std::size_t kMaxServers = 64;   // that are not known
  static constexpr std::size_t kMaxAddresses = 4;  // of one server

  using IsKnown = std::function<bool(const crypto::PublicKey& identity)>;
  // `token` is random; an answer has it.
  Finder(std::uint64_t token, IsKnown is_known);

  // The datagram to send to all hosts of each network.
  [[nodiscard]] wire::Bytes seek() const noexcept { return seek_; }
  void receive(wire::Bytes datagram, const Endpoint& from);

  // In the order of their first answers.
  [[nodiscard]] const std::vector<FoundServer>& servers() const noexcept { return servers_; }

 private:
  std::uint64_t token_;
  IsKnown is_known_;
  std::array<std::byte, wire::kSeekBytes> seek_{};
  std::vector<FoundServer> servers_;
  std::size_t unknown_{0};  // number of servers that are not known
};

}  // namespace chatd::client
