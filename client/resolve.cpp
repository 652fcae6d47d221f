// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/resolve.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace chatd::client {

Result<std::vector<Endpoint>> resolve(const Target& target) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};
  if (error == EAI_SYSTEM) return fail(Error::from_errno("getaddrinfo"));
  if (error != 0) return fail(std::string{::gai_strerror(error)});

  std::vector<Endpoint> endpoints;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    sockaddr_storage address{};
    std::memcpy(&address, at->ai_addr, std::min<std::size_t>(at->ai_addrlen, sizeof address));
    const Endpoint endpoint = from_sockaddr(address);
    if (endpoint.port == 0 || std::ranges::find(endpoints, endpoint) != endpoints.end()) continue;
    endpoints.push_back(endpoint);
  }
  if (endpoints.empty()) return fail("it has no address");
  return endpoints;
}

}  // namespace chatd::client
