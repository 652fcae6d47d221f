// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/tcp_socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

namespace chatd::io {

namespace {

constexpr int kBacklog = 4096;  // the kernel takes net.core.somaxconn if that is lower

Result<UniqueFd> open(const Endpoint& where) {
  const bool is_v4 = where.address.is_v4();
  UniqueFd fd{::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd.is_open()) return fail(Error::from_errno("socket"));
  const int on = 1;
  // Connections of a predecessor that end do not keep the address.
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      (!is_v4 && ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)) {
    return fail(Error::from_errno("setsockopt"));
  }
  sockaddr_storage address{};
  const socklen_t length = to_sockaddr(where, address);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) < 0) {
    return fail(Error::from_errno("bind"));
  }
  if (::listen(fd.get(), kBacklog) < 0) return fail(Error::from_errno("listen"));
  return fd;
}

}  // namespace

Result<UniqueFd> listen_tcp(const Endpoint& where) {
  auto fd = open(where);
  if (!fd) return fail(std::move(fd).error().within("TCP " + to_text(where)));
  return fd;
}

Result<> listen_again(int fd) {
  int listens = 0;
  socklen_t size = sizeof listens;
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) < 0) {
    return fail(Error::from_errno("SO_ACCEPTCONN"));
  }
  if (listens != 0 || ::listen(fd, kBacklog) == 0) return {};
  return fail(Error::from_errno("listen again"));
}

}  // namespace chatd::io
