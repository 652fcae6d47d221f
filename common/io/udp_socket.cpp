// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/udp_socket.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace chatd::io {

namespace {

// Buffer sizes in bytes. The acknowledgements of thousands of members arrive in bursts, and no
// datagram may be lost while a new gateway starts after a crash.
constexpr int kReceiveBuffer = 8 << 20;
constexpr int kSendBuffer = 4 << 20;

Result<> set_option(int fd, int level, int name, int value, const char* what) {
  if (::setsockopt(fd, level, name, &value, sizeof value) < 0) {
    return fail(Error::from_errno(what));
  }
  return {};
}

// Sets a buffer size. Only a privileged process may exceed rmem_max; others get the maximum.
void set_buffer(int fd, int forced, int plain, int bytes) {
  if (::setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) == 0) return;
  (void)::setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof bytes);
}

Result<int> family_of(int fd) {
  int family = 0;
  socklen_t length = sizeof family;
  if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) < 0) {
    return fail(Error::from_errno("SO_DOMAIN"));
  }
  return family;
}

// Is the report a "port unreachable" of the destination host itself? Routers answer with other
// codes (RFC 1812, 4.3.3.1; RFC 4443, 3.1), so such a report from another address is forged.
bool says_port_unreachable(const cmsghdr& report, const IpAddress& destination) {
  sock_extended_err error{};
  sockaddr_storage offender{};
  const auto* const data = CMSG_DATA(&report);
  const std::size_t size = report.cmsg_len - CMSG_LEN(0);
  if (size < sizeof error) return false;
  std::memcpy(&error, data, sizeof error);
  if (error.ee_errno != ECONNREFUSED) return false;
  // SO_EE_OFFENDER(): the address follows the error.
  std::memcpy(&offender, data + sizeof error, std::min(size - sizeof error, sizeof offender));
  return from_sockaddr(offender).address.bytes == destination.bytes;
}

bool is_port_unreachable(const msghdr& message, const IpAddress& destination) {
  for (const cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr;
       c = CMSG_NXTHDR(const_cast<msghdr*>(&message), const_cast<cmsghdr*>(c))) {
    const bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
    const bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
    if (v4 || v6) return says_port_unreachable(*c, destination);
  }
  return false;
}

}  // namespace

Result<> prepare_udp_socket(int fd, SendErrors errors) {
  const auto family = family_of(fd);
  if (!family) return fail(family.error());
  const bool v6 = *family == AF_INET6;
  const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  if (auto done = set_option(fd, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1, "PKTINFO"); !done) {
    return done;
  }
  // An error is ignored: without the option only the search for larger datagrams works less well.
  (void)set_option(fd, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER,
                   // NOLINTNEXTLINE(bugprone-branch-clone): two names of one number
                   v6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE, "MTU_DISCOVER");
  const int kept = errors == SendErrors::kept ? 1 : 0;
  return set_option(fd, level, v6 ? IPV6_RECVERR : IP_RECVERR, kept, "RECVERR");
}

bool keeps_send_errors(int fd) {
  const auto family = family_of(fd);
  if (!family) return false;
  const bool v6 = *family == AF_INET6;
  int kept = 0;
  socklen_t size = sizeof kept;
  const int got = ::getsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                               // NOLINTNEXTLINE(bugprone-branch-clone): two names of one number
                               v6 ? IPV6_RECVERR : IP_RECVERR, &kept, &size);
  return got == 0 && kept != 0;
}

Result<UniqueFd> open_udp_socket(const Endpoint& where) {
  const int family = where.address.is_v4() ? AF_INET : AF_INET6;
  const auto named = [&](Error error) {
    return fail(std::move(error).within("listen on " + to_text(where)));
  };
  UniqueFd fd{::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return named(Error::from_errno("socket"));
  if (family == AF_INET6) {
    if (auto done = set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY"); !done) {
      return named(done.error());
    }
  }
  if (auto done = prepare_udp_socket(fd.get()); !done) return named(done.error());
  set_buffer(fd.get(), SO_RCVBUFFORCE, SO_RCVBUF, kReceiveBuffer);
  set_buffer(fd.get(), SO_SNDBUFFORCE, SO_SNDBUF, kSendBuffer);

  sockaddr_storage address{};
  const socklen_t length = to_sockaddr(where, address);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) < 0) {
    return named(Error::from_errno("bind"));
  }
  return fd;
}

Result<Endpoint> local_endpoint(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) < 0) {
    return fail(Error::from_errno("getsockname"));
  }
  return from_sockaddr(address);
}

bool is_own_address(const IpAddress& address) {
  const UniqueFd fd{::socket(address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr({.address = address, .port = 0}, name);
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), length) == 0;
}

void drain_unreachable(int fd, const std::function<void(const Endpoint&)>& on_unreachable) {
  for (;;) {
    sockaddr_storage destination{};
    std::byte ignored{};
    iovec payload{.iov_base = &ignored, .iov_len = 1};
    alignas(cmsghdr) std::array<std::byte, 512> control{};
    msghdr message{};
    message.msg_name = &destination;
    message.msg_namelen = sizeof destination;
    message.msg_iov = &payload;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
      if (errno == EINTR) continue;
      return;
    }
    const Endpoint peer = from_sockaddr(destination);
    if (is_port_unreachable(message, peer.address)) on_unreachable(peer);
  }
}

}  // namespace chatd::io
