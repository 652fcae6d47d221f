// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/network_search.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>

#include <ifaddrs.h>

#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"
#include "common/crypto/random.hpp"
#include "common/io/datagram_batch.hpp"

namespace chatd::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBetweenSends{200};
constexpr int kSends = 3;
// Networks of one machine: one with many containers has a network for each of them.
constexpr std::size_t kMaxTargets = 32;
constexpr std::size_t kAnswersAtOnce = 16;
constexpr std::array<std::uint8_t, 16> kAllNodes{0xff, 0x02, 0, 0, 0, 0, 0, 0,
                                                 0,    0,    0, 0, 0, 0, 0, 1};  // ff02::1

Endpoint endpoint_of(const sockaddr& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, &address,
              address.sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
  return from_sockaddr(storage);
}

// All hosts of the network of an address of this machine. An endpoint with the wildcard: none.
Endpoint all_hosts_of(const ifaddrs& one) {
  const bool is_usable = (one.ifa_flags & IFF_UP) != 0 && (one.ifa_flags & IFF_LOOPBACK) == 0;
  if (!is_usable || one.ifa_addr == nullptr) return {};
  if (one.ifa_addr->sa_family == AF_INET && (one.ifa_flags & IFF_BROADCAST) != 0 &&
      one.ifa_broadaddr != nullptr) {
    return endpoint_of(*one.ifa_broadaddr);
  }
  if (one.ifa_addr->sa_family == AF_INET6 && (one.ifa_flags & IFF_MULTICAST) != 0) {
    return {.address = {.bytes = kAllNodes, .scope = ::if_nametoindex(one.ifa_name)}, .port = 0};
  }
  return {};
}

UniqueFd open_socket(int family) {
  UniqueFd fd{::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int on = 1;
  (void)::setsockopt(fd.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  return fd;
}

// The sockets of a search. One that cannot be opened is -1: the machine may have no IPv6.
class Sockets {
 public:
  // True if one datagram was sent. An error is that of its network only.
  bool send(wire::Bytes datagram, const std::vector<Endpoint>& targets) {
    bool is_sent = false;
    for (const Endpoint& to : targets) {
      sockaddr_storage address{};
      const socklen_t size = to_sockaddr(to, address);
      const int fd = to.address.is_v4() ? v4_.get() : v6_.get();
      is_sent |= ::sendto(fd, datagram.data(), datagram.size(), 0,
                          reinterpret_cast<const sockaddr*>(&address), size) > 0;
    }
    return is_sent;
  }

  // Waits until `end` at most, and reads what is there.
  void receive(Finder& finder, MonoTime end) {
    std::array<pollfd, 2> waits{pollfd{.fd = v4_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = v6_.get(), .events = POLLIN, .revents = 0}};
    const auto left = std::chrono::ceil<milliseconds>(end - mono_now());
    if (left <= milliseconds{0}) return;
    if (::poll(waits.data(), waits.size(), static_cast<int>(left.count())) <= 0) return;
    for (const pollfd& one : waits) {
      if (one.revents == 0) continue;
      for (const auto& datagram : reader_.receive(one.fd)) {
        finder.receive(datagram.bytes, datagram.from);
      }
    }
  }

 private:
  UniqueFd v4_{open_socket(AF_INET)};
  UniqueFd v6_{open_socket(AF_INET6)};
  io::DatagramReader reader_{kAnswersAtOnce, wire::kSeekBytes};
};

}  // namespace

std::uint64_t new_search_token() {
  std::uint64_t token = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&token, 1}));
  return token;
}

std::vector<Endpoint> all_hosts(std::uint16_t port) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) < 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{first, &::freeifaddrs};
  std::vector<Endpoint> all;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    Endpoint hosts = all_hosts_of(*one);
    hosts.port = port;
    if (hosts.address.is_wildcard() || all.size() == kMaxTargets) continue;
    if (std::ranges::find(all, hosts) == all.end()) all.push_back(hosts);
  }
  return all;
}

bool search_network(Finder& finder, const std::vector<Endpoint>& targets, milliseconds time) {
  Sockets sockets;
  const MonoTime end = mono_now() + time;
  MonoTime next{};
  bool is_sent = false;
  for (int sends = 0; mono_now() < end;) {
    if (sends < kSends && mono_now() >= next) {
      is_sent |= sockets.send(finder.seek(), targets);
      if (!is_sent) return false;
      next = mono_now() + kBetweenSends;
      ++sends;
    }
    sockets.receive(finder, sends < kSends ? std::min(next, end) : end);
  }
  return is_sent;
}

}  // namespace chatd::client
