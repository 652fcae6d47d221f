// SPDX-License-Identifier: GPL-3.0-or-later
// http_client.hpp — a connection to the page of a daemon. Every wait ends after twenty seconds.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base/address.hpp"
#include "common/base/unique_fd.hpp"
#include "common/io/tcp_socket.hpp"

namespace chatd::test {

struct HttpResponse {
  int status{0};  // 0: no answer
  std::string head;
  std::string body;
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

// A free port that the kernel gives to no program which does not ask for it: below
// net.ipv4.ip_local_port_range. For a program that gets its port on the command line.
inline std::uint16_t free_tcp_port() {
  constexpr unsigned kFirst{10'000};
  unsigned end{32'768};
  std::ifstream{"/proc/sys/net/ipv4/ip_local_port_range"} >> end;
  std::random_device random;
  std::uniform_int_distribution<unsigned> port{kFirst, std::max(end, kFirst + 1000) - 1};
  for (;;) {
    const Endpoint where{.address = parse_address("127.0.0.1").value(),
                         .port = static_cast<std::uint16_t>(port(random))};
    if (io::listen_tcp(where)) return where.port;
  }
}

class HttpConnection {
 public:
  explicit HttpConnection(const Endpoint& server) {
    sockaddr_storage address{};
    const socklen_t length = to_sockaddr(server, address);
    const int family = server.address.is_v4() ? AF_INET : AF_INET6;
    fd_.reset(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0) fd_.reset();
  }
  [[nodiscard]] bool is_open() const noexcept { return fd_.is_open(); }
  void send(std::string_view bytes) const {
    (void)!::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  // Appends what arrives within the time. False: nothing came, or the connection has ended.
  bool read(std::string& to, std::chrono::milliseconds time = std::chrono::seconds{20}) {
    pollfd wait{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (!fd_.is_open() || ::poll(&wait, 1, static_cast<int>(time.count())) != 1) return false;
    std::array<char, 16'384> buffer{};
    const auto got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      fd_.reset();
      return false;
    }
    to.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
  }
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
};

}  // namespace chatd::test
