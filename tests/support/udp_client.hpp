// SPDX-License-Identifier: GPL-3.0-or-later
// udp_client.hpp — the UDP socket of a test client, on a loopback address.
//
// Runs in:   test programs.
// Owns:      the socket, bound to a port that the kernel chooses.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::test {

class UdpClient {
 public:
  static constexpr std::chrono::milliseconds kTimeout{10'000};

  explicit UdpClient(std::string_view address = "127.0.0.1");

  void send(const Endpoint& to, std::string_view bytes) const;

  struct Received {
    std::string bytes;
    Endpoint from;
  };
  // Waits for one datagram; nullopt if none comes within `timeout`.
  [[nodiscard]] std::optional<Received> receive(std::chrono::milliseconds timeout = kTimeout);
  // The bytes of the next datagram; "(nothing)" if none comes in time.
  [[nodiscard]] std::string next();

  // All datagrams that were sent to this socket before the call. It does not wait for more: it
  // sends one to itself, which comes last.
  [[nodiscard]] std::vector<std::string> drain();
  // The same, split into lines.
  [[nodiscard]] std::vector<std::string> drain_lines();

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  // Makes the kernel drop each received datagram with the probability `share`.
  void lose(double share) const;
  // Closes the port: the kernel reports endpoint() as unreachable to each later sender. The socket
  // keeps the port, so no other process gets it and is taken for this client.
  void close() const;

 private:
  UniqueFd socket_;
  Endpoint endpoint_;
};

// A port that no process listens on while the object lives.
class ClosedPort {
 public:
  ClosedPort() { socket_.close(); }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return socket_.endpoint(); }

 private:
  UdpClient socket_;
};

}  // namespace chatd::test
