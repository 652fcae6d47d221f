// SPDX-License-Identifier: GPL-3.0-or-later
// address.hpp — IP addresses, endpoints (address + port) and networks, as plain values.
//
// Runs in:   every process; kept in shared memory as it is (trivially copyable).
// Invariant: an IPv4 address is held as its IPv4-mapped IPv6 form (RFC 4291, 2.5.5.2),
//            so that comparing and hashing do not depend on the family.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace chatd {

// An IPv4 or IPv6 address, in network byte order.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::uint32_t scope{0};  // interface index of a link-local IPv6 address, else 0

  [[nodiscard]] bool is_v4() const noexcept;
  [[nodiscard]] bool is_wildcard() const noexcept;  // 0.0.0.0 or ::
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// An address and a UDP or TCP port in host byte order.
struct Endpoint {
  IpAddress address;
  std::uint16_t port{0};
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// All addresses that share the first `prefix` bits: 0..128; 96 is added to an IPv4 prefix. ::/0
// contains every IPv6 address and no IPv4 address.
struct Network {
  IpAddress base;
  unsigned prefix{128};
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;
};

// Reads "10.1.2.3", "fe80::1", "fe80::1%eth0", "fe80::1%2". A host name is an error: no DNS query
// is made.
[[nodiscard]] Result<IpAddress> parse_address(std::string_view text);
// Reads "10.1.2.3:8888", "[::1]:8888". Port 0 is allowed: the kernel then chooses one.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);
// Reads "10.0.0.0/8", "fe80::/10", or one address. Bits below the prefix must be zero.
[[nodiscard]] Result<Network> parse_network(std::string_view text);

// The text forms. A scope is written as its number: an interface name can mean another interface in
// the network namespace of the reader.
[[nodiscard]] std::string to_text(const IpAddress& address);
[[nodiscard]] std::string to_text(const Endpoint& endpoint);
[[nodiscard]] std::string to_text(const Network& network);

// Converts to and from the kernel's form. An unknown family gives the default Endpoint.
[[nodiscard]] Endpoint from_sockaddr(const sockaddr_storage& from) noexcept;
// Returns the used length of `to`.
socklen_t to_sockaddr(const Endpoint& from, sockaddr_storage& to) noexcept;

// True for 127.0.0.0/8 and ::1: the sender is on this machine. The kernel drops packets from other
// machines that have such a source address.
[[nodiscard]] bool is_loopback(const IpAddress& address) noexcept;
// The link-local and private networks: they are not routed on the Internet (RFC 1918, 3927, 4193).
[[nodiscard]] const std::vector<Network>& local_networks();
// True for an address in one of them. False for loopback addresses.
[[nodiscard]] bool is_local(const IpAddress& address);
// The unit of per-address limits: the IPv4 address, or the /64 prefix of an IPv6 address, since a
// host can use all addresses of a /64 (RFC 4291, 2.5.4). A link-local address is returned whole:
// fe80::/64 is every host of the link.
[[nodiscard]] IpAddress network_of(IpAddress address) noexcept;

// Hash functions for tables of addresses and names that remote peers choose. `key` is random and
// secret, so that a peer cannot choose values that collide. The function is splitmix64 over the
// 64-bit words; SipHash is an alternative.
[[nodiscard]] std::uint64_t hash_of(const IpAddress& address, std::uint64_t key) noexcept;
[[nodiscard]] std::uint64_t hash_of(const Endpoint& endpoint, std::uint64_t key) noexcept;
[[nodiscard]] std::uint64_t hash_of(std::string_view text, std::uint64_t key) noexcept;

}  // namespace chatd
