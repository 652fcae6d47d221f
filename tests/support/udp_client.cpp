// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/udp_client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/packet_loss.hpp"

namespace chatd::test {

UdpClient::UdpClient(std::string_view address) {
  const Endpoint where{.address = parse_address(address).value(), .port = 0};
  const int family = where.address.is_v4() ? AF_INET : AF_INET6;
  socket_.reset(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_storage name{};
  socklen_t length = to_sockaddr(where, name);
  EXPECT_EQ(::bind(fd(), reinterpret_cast<const sockaddr*>(&name), length), 0) << address;
  length = sizeof name;
  EXPECT_EQ(::getsockname(fd(), reinterpret_cast<sockaddr*>(&name), &length), 0);
  endpoint_ = from_sockaddr(name);
  const int bytes = 4 << 20;
  if (::setsockopt(fd(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
    (void)::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
}

void UdpClient::send(const Endpoint& to, std::string_view bytes) const {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(to, name);
  EXPECT_EQ(::sendto(fd(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&name),
                     length),
            static_cast<ssize_t>(bytes.size()));
}

// A connected socket receives datagrams only from its peer (udp(7)), and here it is its own peer.
void UdpClient::close() const {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(endpoint_, name);
  EXPECT_EQ(::connect(fd(), reinterpret_cast<const sockaddr*>(&name), length), 0);
}

void UdpClient::lose(double share) const { EXPECT_TRUE(lose_at(fd(), share)); }

std::optional<UdpClient::Received> UdpClient::receive(std::chrono::milliseconds timeout) {
  pollfd waiting{.fd = fd(), .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, static_cast<int>(timeout.count())) != 1) return std::nullopt;
  std::array<char, 65536> buffer{};
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  const ssize_t size = ::recvfrom(fd(), buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&name), &length);
  if (size < 0) return std::nullopt;
  return Received{.bytes = {buffer.data(), static_cast<std::size_t>(size)},
                  .from = from_sockaddr(name)};
}

std::string UdpClient::next() {
  const auto received = receive();
  return received ? received->bytes : "(nothing)";
}

std::vector<std::string> UdpClient::drain() {
  send(endpoint_, "that is all");
  std::vector<std::string> datagrams;
  for (;;) {
    auto received = receive();
    EXPECT_TRUE(received.has_value()) << "not even its own datagram came";
    if (!received || received->from == endpoint_) return datagrams;
    datagrams.push_back(std::move(received->bytes));
  }
}

std::vector<std::string> UdpClient::drain_lines() {
  std::vector<std::string> lines;
  for (const auto& datagram : drain()) {
    std::istringstream in{datagram};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
  }
  return lines;
}

}  // namespace chatd::test
